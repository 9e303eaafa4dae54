import { lintGutter, setDiagnostics } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { jsonLanguage } from '@codemirror/lang-json';
import type { Place } from './places';
import { rooted, setup } from './setup';
import { keysAt, type JsonSchema } from './completion';

export type Underlined = Place & { message: string };

/** One JSON text that is written. */
export class JsonEditor {
	#view: EditorView;

	constructor(
		host: HTMLElement,
		text: string,
		label: string,
		{ readonly = false, schema, onchange }: Options
	) {
		const extensions: Extension[] = [
			setup(label, readonly),
			lintGutter(),
			EditorView.updateListener.of((update) => {
				if (update.docChanged) onchange?.(update.state.doc.toString());
			})
		];
		if (schema) {
			extensions.push(
				jsonLanguage.data.of({ autocomplete: (context: { pos: number; explicit: boolean; state: { doc: { toString(): string } } }) =>
					keysAt(context.state.doc.toString(), context.pos, context.explicit, schema()) }) // prettier-ignore
			);
		}
		this.#view = new EditorView({ doc: text, extensions, ...rooted(host) });
	}

	/** From outside: a version that was restored, a value that a slider wrote. One step back undoes it. */
	replace(text: string): void {
		const now = this.#view.state.doc.toString();
		if (now === text) return;
		this.#view.dispatch({ changes: difference(now, text) });
	}

	underline(places: readonly Underlined[]): void {
		const { length } = this.#view.state.doc;
		const diagnostics = places.map(({ from, to, message }) => ({
			from: Math.min(from, length),
			to: Math.min(to, length),
			message,
			severity: 'error' as const
		}));
		this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
	}

	reveal({ from, to }: Place): void {
		const { length } = this.#view.state.doc;
		const selection = { anchor: Math.min(from, length), head: Math.min(to, length) };
		this.#view.dispatch({ selection, effects: EditorView.scrollIntoView(selection.anchor, { y: 'center' }) });
		this.#view.focus();
	}

	destroy(): void {
		this.#view.destroy();
	}
}

interface Options {
	readonly?: boolean;
	schema?: (() => JsonSchema | undefined) | undefined;
	onchange?: ((text: string) => void) | undefined;
}

/** What differs between two texts as one change, so that the cursor outside of it stays where it was. */
export function difference(before: string, after: string): { from: number; to: number; insert: string } {
	const shorter = Math.min(before.length, after.length);
	let from = 0;
	while (from < shorter && before[from] === after[from]) from += 1;
	let tail = 0;
	while (tail < shorter - from && before[before.length - 1 - tail] === after[after.length - 1 - tail])
		tail += 1;
	return { from, to: before.length - tail, insert: after.slice(from, after.length - tail) };
}
