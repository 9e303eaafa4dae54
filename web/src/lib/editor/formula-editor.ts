import {
	acceptCompletion,
	autocompletion,
	closeCompletion,
	closeBrackets,
	closeBracketsKeymap,
	completionKeymap,
	type Completion,
	type CompletionContext,
	type CompletionResult
} from '@codemirror/autocomplete';
import { defaultKeymap } from '@codemirror/commands';
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { lintKeymap, setDiagnostics } from '@codemirror/lint';
import { Compartment, StateField, type EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, showTooltip, type Tooltip } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import {
	argumentOf,
	callAt,
	functionOf,
	wordsAt,
	type FormulaFunction,
	type Language,
	type Names,
	type Word
} from './formula-words';
import { difference, type Underlined } from './json-editor';
import { dressed, rooted } from './setup';

interface Options {
	language: () => Language | undefined;
	names: () => Names;
	onchange: (text: string) => void;
}

const TYPES: Record<Word['kind'], string> = {
	column: 'variable',
	series: 'variable',
	parameter: 'constant',
	function: 'function',
	keyword: 'keyword',
	argument: 'property',
	output: 'property'
};

/** One formula that is written. It undoes nothing by itself: that is the page's, whose edits it makes. */
export class FormulaEditor {
	#view: EditorView;
	#wrong = new Compartment();

	constructor(host: HTMLElement, text: string, label: string, options: Options) {
		this.#view = new EditorView({
			doc: text,
			...rooted(host),
			extensions: [
				drawSelection(),
				bracketMatching(),
				closeBrackets(),
				autocompletion({ override: [(context) => completed(context, options)], icons: false }),
				keymap.of([
					{ key: 'Tab', run: acceptCompletion },
					// Of what is open it closes the list, and not the dialog around it too.
					{ key: 'Escape', run: closeCompletion, stopPropagation: true },
					...closeBracketsKeymap,
					...completionKeymap,
					...lintKeymap,
					...defaultKeymap
				]),
				grammar,
				syntaxHighlighting(colours),
				signatures(options),
				look,
				dressed(label, false),
				this.#wrong.of([]),
				EditorView.updateListener.of((update) => {
					if (update.docChanged) options.onchange(update.state.doc.toString());
				})
			]
		});
	}

	/** From outside: what was undone, a series that was renamed. */
	replace(text: string): void {
		const now = this.#view.state.doc.toString();
		if (now !== text) this.#view.dispatch({ changes: difference(now, text) });
	}

	underline(places: readonly Underlined[]): void {
		const { length } = this.#view.state.doc;
		const diagnostics = places.map(({ from, to, message }) => ({
			from: Math.min(from, length),
			to: Math.min(to, length),
			message,
			severity: 'error' as const
		}));
		this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics), {
			effects: this.#wrong.reconfigure(
				EditorView.contentAttributes.of({ 'aria-invalid': String(places.length > 0) })
			)
		});
	}

	focus(): void {
		this.#view.focus();
	}

	destroy(): void {
		this.#view.destroy();
	}
}

function completed(context: CompletionContext, { language, names }: Options): CompletionResult | null {
	const known = language();
	const found = known && wordsAt(context.state.doc.toString(), context.pos, context.explicit, known, names());
	if (!found?.words.length) return null;
	return { from: found.from, options: found.words.map(completion), validFor: /^\$?[\w.]*$/ };
}

function completion({ label, kind, note, of }: Word): Completion {
	const found: Completion = {
		label,
		type: TYPES[kind],
		boost: kind === 'function' ? -1 : kind === 'keyword' ? -2 : 1
	};
	if (note) found.detail = note;
	if (of) {
		found.info = () => about(of);
		found.apply = (view, _, from, to) => {
			const called = view.state.sliceDoc(to, to + 1) === '(';
			const inside = from + label.length + (of.arguments.length || called ? 1 : 2);
			view.dispatch({
				changes: { from, to, insert: called ? label : `${label}()` },
				selection: { anchor: inside },
				userEvent: 'input.complete'
			});
		};
	}
	return found;
}

/** What the function means, and how it is written. */
function about(of: FormulaFunction): HTMLElement {
	const told = document.createElement('div');
	told.append(of.meaning);
	if (of.example) {
		const example = document.createElement('code');
		example.textContent = of.example;
		told.append(example);
	}
	return told;
}

/** The signature of the call that the cursor is in, with the argument that is being written. */
function signatures({ language }: Options) {
	const tooltipOf = (state: EditorState): Tooltip | null => {
		const text = state.doc.toString();
		const call = callAt(text, state.selection.main.head);
		const known = language();
		const of = call && known ? functionOf(known, call.name) : undefined;
		if (!call || !of) return null;
		const now = argumentOf(of, call, text);
		return { pos: call.from, above: true, create: () => ({ dom: signature(of, now) }) };
	};
	return StateField.define<Tooltip | null>({
		create: () => null,
		update: (shown, change) => (change.docChanged || change.selection ? tooltipOf(change.state) : shown),
		provide: (field) => showTooltip.from(field)
	});
}

function signature(of: FormulaFunction, now: number): HTMLElement {
	const dom = document.createElement('div');
	dom.className = 'signature';
	dom.append(`${of.name}(`);
	of.arguments.forEach(({ name, default: value }, at) => {
		const argument = document.createElement(at === now ? 'b' : 'span');
		argument.textContent = value === null || value === name ? name : `${name} = ${value}`;
		dom.append(at ? ', ' : '', argument);
	});
	dom.append(of.more ? ', …)' : ')');
	const meaning = document.createElement('div');
	meaning.textContent = of.meaning;
	dom.append(meaning);
	return dom;
}

const NUMBER = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/;

const grammar = StreamLanguage.define({
	name: 'formula',
	token(stream) {
		if (stream.eatSpace()) return null;
		if (stream.match(NUMBER)) return 'number';
		if (stream.match(/^\$\w*/)) return 'parameter';
		if (stream.match(/^(?:and|or|not|if|else)\b/)) return 'keyword';
		if (stream.match(/^[A-Za-z_]\w*(?=\s*\()/)) return 'called';
		if (stream.match(/^[A-Za-z_][\w.]*/)) return 'variableName';
		stream.next();
		return 'operator';
	},
	tokenTable: { called: tags.function(tags.variableName), parameter: tags.special(tags.variableName) },
	languageData: { closeBrackets: { brackets: ['('] } }
});

const colours = HighlightStyle.define([
	{ tag: tags.number, color: 'var(--warn)' },
	{ tag: tags.keyword, color: 'var(--fg)', fontWeight: '600' },
	{ tag: tags.function(tags.variableName), color: 'var(--info)' },
	{ tag: tags.special(tags.variableName), color: 'var(--warn)', fontStyle: 'italic' },
	{ tag: tags.variableName, color: 'var(--fg)' },
	{ tag: tags.operator, color: 'var(--fg-2)' }
]);

const look = EditorView.theme({
	'&.cm-focused': { borderRadius: '6px' },
	'.cm-tooltip.cm-tooltip-autocomplete > ul': { maxWidth: 'min(26rem, 80vw)' },
	'.cm-content': { padding: '6px 0', minHeight: '3.4em' },
	'.cm-scroller': { maxHeight: '12em' },
	'.cm-tooltip.signature, .signature': {
		padding: '4px 8px',
		maxWidth: '28rem',
		fontFamily: "'Geist Mono Variable', ui-monospace, monospace",
		fontSize: '12px',
		color: 'var(--fg-2)'
	},
	'.signature b': { color: 'var(--fg)', textDecoration: 'underline' },
	'.signature > div': { fontFamily: "'Geist Variable', sans-serif", color: 'var(--fg)' },
	'.cm-tooltip.cm-completionInfo': {
		padding: '6px 8px',
		maxWidth: '18rem',
		fontFamily: "'Geist Variable', sans-serif"
	},
	'.cm-completionInfo code': {
		display: 'block',
		marginTop: '4px',
		fontFamily: "'Geist Mono Variable', ui-monospace, monospace",
		color: 'var(--fg-2)'
	}
});
