/** What the form holds, as texts where a text is typed, and what is asked of the server for it. */
import type { Schemas } from '$lib/api/client';
import { isObject, type Document } from '../strategies/document';

export interface Form {
	strategy: string;
	/** Empty is the newest. */
	version: string;
	/** Instead of a strategy: a document that was run and never saved. */
	document: Document | null;
	universe: string[];
	timeframe: string;
	/** Instants; empty is as far as the bars go. */
	start: string;
	end: string;
	parameters: Record<string, number>;
	cash: string;
	/** Percent. */
	fee: string;
	slippage: string;
	leverage: string;
	lot: string;
	convention: string;
}

export const EMPTY: Readonly<Form> = {
	strategy: '',
	version: '',
	document: null,
	universe: [],
	timeframe: '',
	start: '',
	end: '',
	parameters: {},
	cash: '10000',
	fee: '0.1',
	slippage: '0',
	leverage: '1',
	lot: '0',
	convention: 'assay'
};

/** An order as this page writes it: its instruments by name, for a watchlist only fills them in. */
export type NewSession = Schemas['NewSession'] & { universe?: string[] | null };

export function requestOf(form: Form): NewSession {
	return {
		mode: 'backtest',
		strategy_id: form.strategy || null,
		strategy_version: form.version ? Number(form.version) : null,
		...(form.document ? { document: form.document } : {}),
		universe: form.universe,
		timeframe: form.timeframe || null,
		start: form.start || null,
		end: form.end || null,
		parameters: form.parameters,
		account: {
			cash: form.cash.trim(),
			fee_rate: number(form.fee, -2),
			slippage_bps: number(form.slippage),
			leverage: number(form.leverage),
			lot: form.lot.trim() || '0',
			convention: form.convention
		} as Schemas['AccountBody']
	};
}

/** The form that would ask for a session again. */
export function formOf(session: Schemas['SessionDetail'], values: Record<string, number>): Form {
	const { account } = session;
	return {
		strategy: session.strategy_id ?? '',
		version: session.strategy_version === null ? '' : String(session.strategy_version),
		document: session.strategy_id === null ? session.document : null,
		universe: [...session.universe],
		timeframe: session.timeframe,
		start: session.start ?? '',
		end: session.end ?? '',
		parameters: values,
		cash: account.cash,
		fee: String(shifted(String(account.fee_rate), 2)),
		slippage: String(account.slippage_bps),
		leverage: String(account.leverage),
		lot: account.lot,
		convention: account.convention
	};
}

/** What was kept by an earlier visit; of what is missing or of another kind, the default. */
export function revived(stored: string | null): Form {
	let kept: unknown;
	try {
		kept = JSON.parse(stored ?? '{}');
	} catch {
		kept = {};
	}
	const found = isObject(kept) ? kept : {};
	const fresh: Form = { ...EMPTY, universe: [], parameters: {} };
	const texts = Object.entries(fresh).filter(([, value]) => typeof value === 'string');
	for (const [name] of texts) {
		if (typeof found[name] === 'string') Object.assign(fresh, { [name]: found[name] });
	}
	if (Array.isArray(found.universe)) {
		fresh.universe = found.universe.filter((each): each is string => typeof each === 'string');
	}
	if (isObject(found.document)) fresh.document = found.document;
	if (isObject(found.parameters)) {
		fresh.parameters = Object.fromEntries(
			Object.entries(found.parameters).filter(([, value]) => typeof value === 'number')
		) as Record<string, number>;
	}
	return fresh;
}

/** The first complaint about each control: `universe[1]` is about `universe`. */
export function atControls(errors: readonly Schemas['ProblemItem'][]): Record<string, string> {
	const found: Record<string, string> = {};
	for (const { path, message } of errors) found[path.replace(/\[.*$/, '')] ??= message;
	return found;
}

/** The exponent moves the point in the text itself: 0.07 % is 0.0007, and not 0.0007000000000000001. */
function shifted(text: string, places: number): number {
	const [digits = '', exponent = '0'] = text.toLowerCase().split('e');
	return Number(`${digits}e${Number(exponent) + places}`);
}

/** NaN becomes null on its way, which the server refuses at its place. */
function number(text: string, places = 0): number {
	return text.trim() ? shifted(text.trim().replace(',', '.'), places) : NaN;
}
