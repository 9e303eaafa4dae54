import { toast } from 'svelte-sonner';
import { api, ApiError, body, once, type Schemas } from '$lib/api/client';
import type { Underlined } from '$lib/editor/json-editor';
import { Latest } from '$lib/latest';
import { m } from '$lib/paraglide/messages';
import { complain } from '../strategies/actions';
import { Drafts, rightNow } from '../builder/drafts';
import { changed, isWithin, placeOf, read, written, type Json, type Members, type Path } from './file';

type Detail = Schemas['StrategyDetail'];
export type Problem = Underlined & { path: string; line: number };
export type Validity = 'checking' | 'valid' | 'invalid';

const PAUSE = 250;

/** The conditions file of a version, as it is written. Throws where no such file can say the strategy. */
export async function fileOf(id: string, version: number): Promise<Members> {
	const params = { path: { strategy_id: id }, query: { format: 'conditions' as const, version } };
	return (await body(api.GET('/api/v1/strategies/{strategy_id}/export', { params }))) as Members;
}

/** What the text of a file would be; it goes as it is, so that the server sees a key that stands twice. */
export async function readFile(
	text: string,
	query: { venue?: string; timeframe?: string } = {},
	signal?: AbortSignal
): Promise<Schemas['ConditionsRead']> {
	return await body(
		api.POST('/api/v1/strategies/import/conditions/validate', {
			params: { query },
			...asItIs(text),
			...(signal ? { signal } : {})
		})
	);
}

export async function importFile(
	text: string,
	query: { venue?: string; timeframe?: string }
): Promise<Schemas['ConditionsImport']> {
	const sent = asItIs(text);
	const headers = { ...sent.headers, ...once() };
	return await body(
		api.POST('/api/v1/strategies/import/conditions', { params: { query }, ...sent, headers })
	);
}

const asItIs = (text: string) => ({
	body: text as unknown as Record<string, never>,
	bodySerializer: (raw: unknown) => raw as string,
	headers: { 'content-type': 'application/json' }
});

/** The conditions of one strategy while they are edited: what is in use, the draft, and what is wrong with it. */
export class Desk {
	saved: Detail = $state.raw(undefined as unknown as Detail);
	inUse = $state('');
	text = $state('');
	problems: Problem[] = $state.raw([]);
	validity: Validity = $state('checking');
	busy = $state(false);

	readonly dirty = $derived(this.text !== this.inUse);
	readonly file = $derived(read(this.text));

	#read: Schemas['ConditionsRead'] | null = null;
	readonly #checks = new Latest(PAUSE);

	constructor(
		saved: Detail,
		inUse: Members,
		private readonly onsaved: (saved: Detail) => void,
		private readonly drafts = new Drafts(localStorage)
	) {
		this.saved = saved;
		this.inUse = written(inUse);
		this.text = drafts.find(this.#shelf, this.inUse)?.text ?? this.inUse;
		this.#check();
	}

	edit(text: string): void {
		if (text === this.text) return;
		this.text = text;
		if (this.dirty)
			this.drafts.keep(this.#shelf, { version: this.saved.version, text, at: rightNow(), parked: [] });
		else this.drafts.drop(this.#shelf);
		this.#check();
	}

	/** From the form: one place of the draft. */
	set(path: Path, value: Json | undefined): void {
		if (this.file) this.edit(written(changed(this.file, path, value)));
	}

	/** In the form in which files are written, which is the one that the form reads; as it is where anything is wrong. */
	tidy(): void {
		if (this.validity === 'valid' && this.#read?.file) this.edit(written(this.#read.file));
	}

	revert(): void {
		this.edit(this.inUse);
	}

	/** What is wrong in a place of the file, in words. */
	wrong(path: Path): string[] {
		const place = placeOf(path);
		return this.problems.filter((problem) => isWithin(problem.path, place)).map(({ message }) => message);
	}

	async apply(note: string): Promise<boolean> {
		const document = this.#read?.document;
		if (!document || this.validity !== 'valid') return false;
		this.busy = true;
		const path = { strategy_id: this.saved.id };
		try {
			const after = this.saved.version;
			const saved = await body(
				api.PUT('/api/v1/strategies/{strategy_id}', { params: { path }, body: { document, note, after } })
			);
			await this.#take(saved);
			this.drafts.drop(this.#shelf);
			this.text = this.inUse;
			this.#check();
			toast.success(m.conditions_applied({ number: saved.version }));
			return true;
		} catch (error) {
			complain(error);
			if (error instanceof ApiError && error.code === 'stale') await this.#meetNewer();
			return false;
		} finally {
			this.busy = false;
		}
	}

	/** An older version's file becomes the draft: it is looked at and applied like any other. */
	async restore(version: number): Promise<boolean> {
		try {
			this.edit(written(await fileOf(this.saved.id, version)));
			return true;
		} catch (error) {
			complain(error);
			return false;
		}
	}

	leave(): void {
		this.#checks.leave();
	}

	get #shelf(): string {
		return `conditions.${this.saved.id}`;
	}

	async #take(saved: Detail): Promise<void> {
		this.inUse = written(await fileOf(saved.id, saved.version));
		this.saved = saved;
		this.onsaved(saved);
	}

	/** Somebody saved in between: the draft stays, compared with theirs from here on. */
	async #meetNewer(): Promise<void> {
		try {
			const path = { strategy_id: this.saved.id };
			await this.#take(await body(api.GET('/api/v1/strategies/{strategy_id}', { params: { path } })));
		} catch (error) {
			complain(error);
		}
	}

	#check(): void {
		this.validity = 'checking';
		this.#checks.want((signal) => this.#validate(signal));
	}

	async #validate(signal: AbortSignal): Promise<void> {
		const { text } = this;
		try {
			const [{ lineOf, placeOf: find }, said] = await Promise.all([
				import('$lib/editor/places'),
				readFile(text, {}, signal)
			]);
			if (signal.aborted) return;
			this.#read = said;
			this.problems = said.rejected
				.map(({ path, code, message }) => {
					const place = find(text, path, code);
					return { ...place, path, message, line: lineOf(text, place.from) };
				})
				.sort((a, b) => a.from - b.from);
			this.validity = said.rejected.length || !said.document ? 'invalid' : 'valid';
		} catch (error) {
			if (!signal.aborted) complain(error);
		}
	}
}
