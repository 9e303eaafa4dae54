import { toast } from 'svelte-sonner';
import { api, ApiError, body, type Schemas } from '$lib/api/client';
import type { Underlined } from '$lib/editor/json-editor';
import { m } from '$lib/paraglide/messages';
import { complain } from './actions';
import { asDocument, parametersOf, written, type Document } from './document';
import { Drafts, rightNow, type Draft } from './drafts';

type Detail = Schemas['StrategyDetail'];
export type Problem = Underlined & { path: string; line: number };
export type Validity = 'checking' | 'valid' | 'invalid';

const PAUSE = 250;

/** One strategy while it is edited: its text, what is wrong with it, and the version it came from. */
export class Workbench {
	saved: Detail = $state.raw(undefined as unknown as Detail);
	text = $state('');
	problems: Problem[] = $state.raw([]);
	validity: Validity = $state('checking');
	/** The draft that a former visit left behind and that is shown now. */
	draft: Draft | null = $state.raw(null);
	/** Somebody else's version, where saving met one. */
	newer: Detail | null = $state.raw(null);
	busy = $state(false);
	/** Where the sliders stand; what they have not touched is the document's. */
	values: Record<string, number> = $state.raw({});

	readonly savedText = $derived(written(this.saved.document));
	readonly dirty = $derived(this.text !== this.savedText);
	readonly document: Document | null = $derived(asDocument(this.text));
	readonly parameters = $derived(parametersOf(this.document));

	/** The version that the text was made of: what is saved after it is not overwritten. */
	#base: number;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#checking: AbortController | undefined;

	constructor(
		saved: Detail,
		private readonly onsaved: (saved: Detail) => void,
		private readonly drafts = new Drafts(localStorage)
	) {
		this.saved = saved;
		this.draft = drafts.find(saved.id, written(saved.document));
		this.text = this.draft?.text ?? written(saved.document);
		this.#base = this.draft?.version ?? saved.version;
		this.#check();
	}

	get base(): number {
		return this.#base;
	}

	edit(text: string): void {
		if (text === this.text) return;
		this.text = text;
		if (this.dirty) {
			this.drafts.keep(this.saved.id, { version: this.#base, text, at: rightNow() });
		} else this.drafts.drop(this.saved.id);
		this.#check();
	}

	/** Back to what is saved. */
	revert(): void {
		this.draft = null;
		this.#base = this.saved.version;
		this.edit(this.savedText);
	}

	format(): void {
		if (this.document) this.edit(written(this.document));
	}

	async save(note: string): Promise<boolean> {
		const { document } = this;
		if (!document) return false;
		return await this.#put(document, note, this.#base, () => {
			this.text = this.savedText;
			this.draft = null;
			this.drafts.drop(this.saved.id);
		});
	}

	/** An older version becomes the newest one. A text that is not saved stays, now compared with it. */
	async restore(version: Schemas['Version']): Promise<boolean> {
		const unsaved = this.dirty;
		const note = m.strategies_versions_restored({ number: version.number });
		return await this.#put(version.document, note, this.saved.version, () => {
			if (!unsaved) this.text = this.savedText;
		});
	}

	/** The other's version is what is compared with from here on; the text stays. */
	compareWithNewer(): void {
		if (!this.newer) return;
		this.saved = this.newer;
		this.#base = this.newer.version;
		this.newer = null;
	}

	takeNewer(): void {
		this.compareWithNewer();
		this.revert();
	}

	/** Nothing more is asked for. */
	leave(): void {
		this.#checking?.abort();
		clearTimeout(this.#timer);
	}

	async #put(document: Document, note: string, after: number, then: () => void): Promise<boolean> {
		this.busy = true;
		const path = { strategy_id: this.saved.id };
		try {
			const before = this.saved.version;
			const saved = await body(
				api.PUT('/api/v1/strategies/{strategy_id}', { params: { path }, body: { document, note, after } })
			);
			this.saved = saved;
			this.#base = saved.version;
			then();
			this.onsaved(saved);
			this.#check();
			const number = saved.version;
			toast.success(number === before ? m.strategies_saved_same({ number }) : m.strategies_saved({ number }));
			return true;
		} catch (error) {
			if (error instanceof ApiError && error.code === 'stale') await this.#meetNewer();
			else complain(error);
			return false;
		} finally {
			this.busy = false;
		}
	}

	async #meetNewer(): Promise<void> {
		const path = { strategy_id: this.saved.id };
		try {
			this.newer = await body(api.GET('/api/v1/strategies/{strategy_id}', { params: { path } }));
		} catch (error) {
			complain(error);
		}
	}

	#check(): void {
		this.#checking?.abort();
		clearTimeout(this.#timer);
		this.validity = 'checking';
		this.#timer = setTimeout(() => void this.#validate(), PAUSE);
	}

	async #validate(): Promise<void> {
		const checking = (this.#checking = new AbortController());
		const { text, document } = this;
		const { brokenAt, duplicates, lineOf, placeOf } = await import('$lib/editor/places');
		const problem = (place: { from: number; to: number }, path: string, message: string): Problem => ({
			...place,
			path,
			message,
			line: lineOf(text, place.from)
		});
		let found: Problem[];
		if (!document) {
			found = [problem(brokenAt(text) ?? { from: 0, to: 1 }, '', m.strategies_not_json())];
		} else {
			found = duplicates(text).map(({ key, ...place }) =>
				problem(place, key, m.strategies_key_twice({ key }))
			);
			try {
				const { signal } = checking;
				const said = await body(api.POST('/api/v1/strategies/validate', { body: { document }, signal }));
				found.push(
					...said.errors.map((each) => problem(placeOf(text, each.path, each.code), each.path, each.message))
				);
			} catch (error) {
				if (checking === this.#checking && !checking.signal.aborted) complain(error);
				return;
			}
		}
		if (checking !== this.#checking || checking.signal.aborted) return;
		this.problems = found.sort((a, b) => a.from - b.from);
		this.validity = found.length ? 'invalid' : 'valid';
	}
}
