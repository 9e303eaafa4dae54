import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorView } from '@codemirror/view';
import { rooted, setup } from './setup';

const collapseUnchanged = { margin: 3, minSize: 4 };

/** Two texts side by side, or one above the other where there is no room. */
export function showDifference(
	host: HTMLElement,
	before: { text: string; label: string },
	after: { text: string; label: string },
	narrow: boolean
): () => void {
	const { root, parent } = rooted(host);
	const view = narrow
		? new EditorView({
				doc: after.text,
				root,
				parent,
				extensions: [
					setup(after.label, true),
					unifiedMergeView({ original: before.text, mergeControls: false, collapseUnchanged })
				]
			})
		: new MergeView({
				a: { doc: before.text, extensions: setup(before.label, true) },
				b: { doc: after.text, extensions: setup(after.label, true) },
				root,
				parent,
				collapseUnchanged
			});
	return () => view.destroy();
}
