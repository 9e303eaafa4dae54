/** What both editors are made of. It is loaded only where one is opened. */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { basicSetup } from 'codemirror';
import { m } from '$lib/paraglide/messages';
import { language } from './places';

const look = EditorView.theme({
	'&': { height: '100%', fontSize: '12.5px', color: 'var(--fg)', backgroundColor: 'transparent' },
	'&.cm-focused': { outline: '2px solid var(--brand)', outlineOffset: '-2px' },
	'.cm-scroller': { fontFamily: "'Geist Mono Variable', ui-monospace, monospace", lineHeight: '1.55' },
	'.cm-content': { caretColor: 'var(--fg)', padding: '8px 0' },
	'.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--fg)' },
	'.cm-gutters': { backgroundColor: 'transparent', color: 'var(--fg-3)', border: 'none' },
	'.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--brand) 6%, transparent)' },
	'.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--fg)' },
	'&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
		backgroundColor: 'color-mix(in srgb, var(--brand) 26%, transparent) !important'
	},
	'.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
		backgroundColor: 'transparent',
		outline: '1px solid var(--fg-3)'
	},
	'.cm-selectionMatch': { backgroundColor: 'color-mix(in srgb, var(--brand) 16%, transparent)' },
	'.cm-foldPlaceholder': {
		backgroundColor: 'var(--surface-2)',
		borderColor: 'var(--line-2)',
		color: 'var(--fg-2)'
	},
	'.cm-tooltip': {
		backgroundColor: 'var(--surface)',
		color: 'var(--fg)',
		border: '1px solid var(--line-2)',
		borderRadius: '7px',
		overflow: 'hidden'
	},
	'.cm-tooltip-autocomplete ul li[aria-selected]': {
		backgroundColor: 'var(--brand)',
		color: 'var(--brand-fg)'
	},
	'.cm-completionDetail': { color: 'inherit', opacity: 0.8 },
	'.cm-diagnostic': { padding: '6px 10px', fontFamily: "'Geist Variable', sans-serif" },
	'.cm-diagnostic-error': { borderLeft: '3px solid var(--down)' },
	'.cm-lintRange-error': {
		backgroundImage: 'none',
		textDecoration: 'underline wavy var(--down)',
		textUnderlineOffset: '3px'
	},
	'.cm-panels': { backgroundColor: 'var(--surface-2)', color: 'var(--fg)', borderColor: 'var(--line)' },
	'.cm-panel input, .cm-panel button': {
		backgroundColor: 'var(--surface)',
		backgroundImage: 'none',
		border: '1px solid var(--line-2)',
		borderRadius: '5px',
		color: 'var(--fg)'
	},
	'.cm-searchMatch': { backgroundColor: 'var(--warn-soft)', outline: '1px solid var(--warn)' },
	'.cm-collapsedLines': {
		background: 'var(--surface-2)',
		color: 'var(--fg-2)',
		padding: '4px 12px',
		'&:before, &:after': { content: '"···"', marginInline: '6px' }
	},
	'&.cm-merge-a .cm-changedLine, .cm-deletedChunk': { backgroundColor: 'var(--down-soft) !important' },
	'&.cm-merge-b .cm-changedLine, .cm-insertedLine': { backgroundColor: 'var(--up-soft) !important' },
	'&.cm-merge-a .cm-changedText, .cm-deletedText': {
		background: 'none !important',
		boxShadow: 'inset 0 -2px var(--down)'
	},
	'&.cm-merge-b .cm-changedText': { background: 'none !important', boxShadow: 'inset 0 -2px var(--up)' },
	'&.cm-merge-a .cm-changedLineGutter': { background: 'var(--down)' },
	'&.cm-merge-b .cm-changedLineGutter': { background: 'var(--up)' }
});

const colours = HighlightStyle.define([
	{ tag: tags.propertyName, color: 'var(--info)' },
	{ tag: tags.string, color: 'var(--fg)' },
	{ tag: [tags.number, tags.bool, tags.null], color: 'var(--warn)' },
	{ tag: [tags.separator, tags.punctuation, tags.bracket], color: 'var(--fg-2)' }
]);

const phrases = () =>
	EditorState.phrases.of({
		'$ unchanged lines': m.editor_unchanged(),
		Find: m.editor_find(),
		Replace: m.editor_replace(),
		next: m.editor_next(),
		previous: m.editor_previous(),
		all: m.editor_all(),
		'match case': m.editor_case(),
		regexp: m.editor_regexp(),
		'by word': m.editor_word(),
		replace: m.editor_replace(),
		'replace all': m.editor_replace_all(),
		close: m.close(),
		'Fold line': m.editor_fold(),
		'Unfold line': m.editor_unfold(),
		'folded code': m.editor_folded(),
		unfold: m.editor_unfold()
	});

export function setup(label: string, readonly: boolean): Extension[] {
	return [
		basicSetup,
		language(),
		syntaxHighlighting(colours),
		dressed(label, readonly),
		EditorState.tabSize.of(2)
	];
}

/** How every editor looks, speaks and is called. */
export function dressed(label: string, readonly: boolean): Extension[] {
	return [
		look,
		phrases(),
		EditorState.readOnly.of(readonly),
		EditorView.lineWrapping,
		EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' })
	];
}

/** Styles of an editor inside a shadow root are adopted sheets, which the content policy lets pass; in the page they are not. */
export function rooted(host: HTMLElement): { root: ShadowRoot; parent: HTMLElement } {
	const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
	const parent = document.createElement('div');
	parent.style.height = '100%';
	root.replaceChildren(parent);
	return { root, parent };
}
