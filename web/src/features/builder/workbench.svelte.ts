import { createContext } from 'svelte';
import { toast } from 'svelte-sonner';
import { api, ApiError, body, type Schemas } from '$lib/api/client';
import { withoutPlace } from '$lib/editor/formula-place';
import type { Underlined } from '$lib/editor/json-editor';
import { Latest } from '$lib/latest';
import { m } from '$lib/paraglide/messages';
import { complain } from '../strategies/actions';
import { asDocument, parametersOf, written, type Document } from '../strategies/document';
import { begun, changed, redone, undone, type Steps } from './document/history';
import { read, write, type Json, type Path } from './document/paths';
import { Drafts, rightNow, type Draft } from './drafts';
import { park, unpark, type Parked } from './parked';

type Detail = Schemas['StrategyDetail'];
/** `twice`: a key that stands there already, of which a form would silently keep one. */
export type Problem = Underlined & { path: string; line: number; twice?: boolean };
export type Validity = 'checking' | 'valid' | 'invalid';

/** What undoing goes back to. */
interface Desk {
	readonly text: string;
	readonly parked: readonly Parked[];
}

const PAUSE = 250;

/** The strategy that the page is about, for everything on it. */
export const [theBench, setBench] = createContext<Workbench>();

/** One strategy while it is edited: its text, what is wrong with it, and the version it came from. */
export class Workbench {
	saved: Detail = $state.raw(undefined as unknown as Detail);
	#steps: Steps<Desk> = $state.raw(begun({ text: '', parked: [] }));
	problems: Problem[] = $state.raw([]);
	validity: Validity = $state('checking');
	/** The draft that a former visit left behind and that is shown now. */
	draft: Draft | null = $state.raw(null);
	/** Somebody else's version, where saving met one. */
	newer: Detail | null = $state.raw(null);
	busy = $state(false);

	readonly text = $derived(this.#steps.now.text);
	readonly parked = $derived(this.#steps.now.parked);
	readonly undoable = $derived(this.#steps.past.length > 0);
	readonly redoable = $derived(this.#steps.future.length > 0);
	readonly savedText = $derived(written(this.saved.document));
	readonly dirty = $derived(this.text !== this.savedText);
	readonly document: Document | null = $derived(asDocument(this.text));
	readonly parameters = $derived(parametersOf(this.document));
	/** Whether controls can change it without losing anything. */
	readonly formable = $derived(this.document !== null && !this.problems.some((each) => each.twice));
	/** What is wrong, by the path that it is wrong at; a place within a formula counts as the formula. */
	readonly wrong: ReadonlyMap<string, readonly string[]> = $derived(byPath(this.problems));

	/** The version that the text was made of: what is saved after it is not overwritten. */
	#base: number;
	readonly #checks = new Latest(PAUSE);

	constructor(
		saved: Detail,
		private readonly onsaved: (saved: Detail) => void,
		private readonly drafts = new Drafts(localStorage)
	) {
		this.saved = saved;
		this.draft = drafts.find(saved.id, written(saved.document));
		this.#steps = begun({
			text: this.draft?.text ?? written(saved.document),
			parked: this.draft?.parked ?? []
		});
		this.#base = this.draft?.version ?? saved.version;
		this.#check();
	}

	get base(): number {
		return this.#base;
	}

	/** Quick edits of the same thing are undone together. */
	edit(text: string, what = 'text'): void {
		if (text !== this.text) this.#step({ text, parked: this.parked }, what);
	}

	/** Another document; nothing where there is none to change. */
	change(next: (document: Document) => Document | null, what = ''): void {
		const document = this.document && next(this.document);
		if (document) this.edit(written(document), what);
	}

	valueAt(path: Path): Json {
		return read(this.document, path);
	}

	/** `undefined` takes the key away. */
	set(path: Path, value: Json): void {
		this.change((document) => write(document, path, value), JSON.stringify(path));
	}

	/** The condition leaves the document and is kept beside it. */
	park(path: Path): void {
		if (!this.document) return;
		const { document, parked } = park(this.document, path);
		this.#step({ text: written(document), parked: [...this.parked, parked] }, '');
	}

	unpark(parked: Parked): void {
		const document = this.document && unpark(this.document, parked);
		if (document) this.#step({ text: written(document), parked: this.#without(parked) }, '');
	}

	forget(parked: Parked): void {
		this.#step({ text: this.text, parked: this.#without(parked) }, '');
	}

	undo(): void {
		this.#go(undone(this.#steps));
	}

	redo(): void {
		this.#go(redone(this.#steps));
	}

	/** What is wrong here, not further down. */
	wrongAt(path: string): string | undefined {
		return this.wrong.get(path)?.[0];
	}

	/** What is wrong here and further down. */
	wrongBelow(path: string): string[] {
		return [...this.wrong].flatMap(([at, messages]) => (isBelow(at, path) ? messages : []));
	}

	/** Back to what is saved; what was set aside stays. */
	revert(): void {
		this.draft = null;
		this.#base = this.saved.version;
		this.edit(this.savedText, '');
	}

	format(): void {
		if (this.document) this.edit(written(this.document));
	}

	async save(note: string): Promise<boolean> {
		const { document } = this;
		if (!document) return false;
		return await this.#put(document, note, this.#base, () => {
			this.draft = null;
			this.edit(this.savedText, '');
			this.#keep();
		});
	}

	/** An older version becomes the newest one. A text that is not saved stays, now compared with it. */
	async restore(version: Schemas['Version']): Promise<boolean> {
		const unsaved = this.dirty;
		const note = m.strategies_versions_restored({ number: version.number });
		return await this.#put(version.document, note, this.saved.version, () => {
			if (!unsaved) this.edit(this.savedText, '');
		});
	}

	/** That version is in force from now on; null withdraws the one that is. */
	async deploy(version: number | null): Promise<void> {
		this.busy = true;
		try {
			const path = { strategy_id: this.saved.id };
			const saved = await body(
				api.POST('/api/v1/strategies/{strategy_id}/deploy', { params: { path }, body: { version } })
			);
			this.saved = { ...this.saved, in_force: saved.in_force };
			this.onsaved(this.saved);
			toast.success(version === null ? m.builder_withdrawn() : m.builder_deployed({ number: version }));
		} catch (error) {
			complain(error);
		} finally {
			this.busy = false;
		}
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
		this.#checks.leave();
	}

	#without(parked: Parked): Parked[] {
		return this.parked.filter((each) => each !== parked);
	}

	#step(desk: Desk, what: string): void {
		this.#go(changed(this.#steps, desk, what, performance.now()));
	}

	#go(steps: Steps<Desk> | null): void {
		if (!steps) return;
		this.#steps = steps;
		this.#keep();
		this.#check();
	}

	#keep(): void {
		const { id } = this.saved;
		if (!this.dirty && !this.parked.length) this.drafts.drop(id);
		else this.drafts.keep(id, { version: this.#base, text: this.text, at: rightNow(), parked: this.parked });
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
		this.validity = 'checking';
		this.#checks.want((signal) => this.#validate(signal));
	}

	async #validate(signal: AbortSignal): Promise<void> {
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
			found = duplicates(text).map(({ key, ...place }) => ({
				...problem(place, key, m.strategies_key_twice({ key })),
				twice: true
			}));
			try {
				const said = await body(api.POST('/api/v1/strategies/validate', { body: { document }, signal }));
				found.push(
					...said.errors.map((each) => problem(placeOf(text, each.path, each.code), each.path, each.message))
				);
			} catch (error) {
				if (!signal.aborted) complain(error);
				return;
			}
		}
		if (signal.aborted) return;
		this.problems = found.sort((a, b) => a.from - b.from);
		this.validity = found.length ? 'invalid' : 'valid';
	}
}

function byPath(problems: readonly Problem[]): Map<string, string[]> {
	const found = new Map<string, string[]>(); // eslint-disable-line svelte/prefer-svelte-reactivity -- made anew each time
	for (const { path, message } of problems) {
		const at = withoutPlace(path);
		found.set(at, [...(found.get(at) ?? []), message]);
	}
	return found;
}

const isBelow = (at: string, path: string): boolean =>
	at === path || at.startsWith(`${path}.`) || at.startsWith(`${path}[`);
