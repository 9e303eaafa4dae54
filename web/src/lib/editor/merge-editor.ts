import { setDiagnostics } from '@codemirror/lint';
import { getChunks, MergeView, unifiedMergeView } from '@codemirror/merge';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { m } from '$lib/paraglide/messages';
import { difference, type Underlined } from './json-editor';
import { rooted, setup } from './setup';

const collapseUnchanged = { margin: 3, minSize: 6 };

interface Side {
	text: string;
	label: string;
}
interface Options {
	/** One above the other, where there is no room for two. */
	inline: boolean;
	onchange: (text: string) => void;
	/** How many blocks differ. */
	onblocks: (count: number) => void;
}

/** The buttons stand beside the editors as well as inside, where no theme of an editor reaches. */
const look = new CSSStyleSheet();
look.replaceSync(`
	.cm-mergeView .cm-merge-revert { width: 28px; overflow: visible; }
	.revert {
		min-width: 24px; min-height: 24px; border-radius: 5px; cursor: pointer;
		font: 500 11px/1 'Geist Variable', sans-serif; color: var(--fg-2); background: var(--surface); border: 1px solid var(--line-2);
	}
	.revert:hover { color: var(--fg); background: var(--surface-2); }
	.cm-merge-revert .revert { width: 24px; margin: -2px 2px 0; padding: 0; font-size: 13px; }
	.cm-chunkButtons { inset-inline-end: 4px; }
	.cm-chunkButtons .revert { padding: 0 8px; }
`);

/** A text that is written beside the one it may replace; each block that differs can be taken back. */
export class MergeEditor {
	#merged: MergeView | null = null;
	#draft: EditorView;

	constructor(host: HTMLElement, inUse: Side, draft: Side, { inline, onchange, onblocks }: Options) {
		const told = EditorView.updateListener.of((update) => {
			if (update.docChanged) onchange(update.state.doc.toString());
			onblocks(getChunks(update.state)?.chunks.length ?? 0);
		});
		const written: Extension[] = [setup(draft.label, false), told];
		const { root, parent } = rooted(host);
		if (!root.adoptedStyleSheets.includes(look)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, look];
		if (inline) {
			const unified = unifiedMergeView({
				original: inUse.text,
				collapseUnchanged,
				mergeControls: (what, act) => (what === 'reject' ? button(act) : document.createElement('span'))
			});
			this.#draft = new EditorView({ doc: draft.text, root, parent, extensions: [...written, unified] });
		} else {
			this.#merged = new MergeView({
				a: { doc: inUse.text, extensions: setup(inUse.label, true) },
				b: { doc: draft.text, extensions: written },
				root,
				parent,
				collapseUnchanged,
				revertControls: 'a-to-b',
				renderRevertControl: () => button()
			});
			this.#draft = this.#merged.b;
		}
		onblocks(getChunks(this.#draft.state)?.chunks.length ?? 0);
	}

	replace(text: string): void {
		const now = this.#draft.state.doc.toString();
		if (now !== text) this.#draft.dispatch({ changes: difference(now, text) });
	}

	underline(places: readonly Underlined[]): void {
		const { length } = this.#draft.state.doc;
		const diagnostics = places.map(({ from, to, message }) => ({
			from: Math.min(from, length),
			to: Math.min(to, length),
			message,
			severity: 'error' as const
		}));
		this.#draft.dispatch(setDiagnostics(this.#draft.state, diagnostics));
	}

	reveal(from: number): void {
		const anchor = Math.min(from, this.#draft.state.doc.length);
		this.#draft.dispatch({
			selection: { anchor },
			effects: EditorView.scrollIntoView(anchor, { y: 'center' })
		});
		this.#draft.focus();
	}

	destroy(): void {
		(this.#merged ?? this.#draft).destroy();
	}
}

/** Takes a block back to what is in use. The view that has two sides listens by itself, to the mouse going down. */
function button(act?: (event: MouseEvent) => void): HTMLElement {
	const made = document.createElement('button');
	made.type = 'button';
	made.textContent = act ? m.editor_revert_short() : '→';
	made.title = m.editor_revert();
	made.setAttribute('aria-label', m.editor_revert());
	made.className = 'revert';
	if (act) made.onmousedown = act;
	made.onclick = ({ detail }) => {
		// From the keyboard, where no button of a mouse goes down.
		if (detail === 0) made.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, cancelable: true }));
	};
	return made;
}
