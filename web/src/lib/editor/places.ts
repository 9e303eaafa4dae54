/**
 * Where in a JSON text a path such as `rules[2].when.all[0].right` points. It reads the tree that the editor has anyway,
 * which stands also while the text is not yet JSON.
 */
import { json, jsonLanguage } from '@codemirror/lang-json';
import type { SyntaxNode } from '@lezer/common';
import { withoutPlace } from './formula-place';

export interface Place {
	from: number;
	to: number;
}

export interface Located {
	path: string;
	/** A stable code; `unknown_key` is about the key and not about its value. */
	code: string;
	message: string;
}

export const language = json;

/** Of a path that leads past what is there, the nearest thing that is. */
export function placeOf(text: string, path: string, code = ''): Place {
	let value = jsonLanguage.parser.parse(text).topNode.firstChild;
	let name: SyntaxNode | null = null;
	let rest = withoutPlace(path);
	let whole = true;
	while (value && rest) {
		const step = value.name === 'Array' ? item(value, rest) : property(text, value, rest);
		if (!step) {
			whole = false;
			break;
		}
		({ name, value, rest } = step);
	}
	if (!value) return name ?? { from: 0, to: Math.min(1, text.length) };
	if (whole && code === 'unknown_key' && name) return span(name);
	if (value.name !== 'Object' && value.name !== 'Array') return span(value);
	return name ? span(name) : { from: value.from, to: Math.min(value.from + 1, text.length) };
}

interface Step {
	name: SyntaxNode | null;
	value: SyntaxNode | null;
	rest: string;
}

const SCALAR = /^(Object|Array|String|Number|True|False|Null)$/;
const span = (node: SyntaxNode): Place => ({ from: node.from, to: node.to });

function item(array: SyntaxNode, path: string): Step | null {
	const index = /^\[(\d+)\]\.?/.exec(path);
	if (!index) return null;
	let left = Number(index[1]);
	for (let child = array.firstChild; child; child = child.nextSibling) {
		if (!SCALAR.test(child.name)) continue;
		if (left === 0) return { name: null, value: child, rest: path.slice(index[0].length) };
		left -= 1;
	}
	return null;
}

/** The longest key that the path begins with: keys may have dots in them. */
function property(text: string, object: SyntaxNode, path: string): Step | null {
	let found: (Step & { length: number }) | null = null;
	for (const { key, name, value } of properties(text, object)) {
		if (!path.startsWith(key) || key.length < (found?.length ?? 1)) continue;
		const after = path.slice(key.length);
		if (after && !after.startsWith('.') && !after.startsWith('[')) continue;
		found = { name, value, rest: after.replace(/^\./, ''), length: key.length };
	}
	return found;
}

function* properties(text: string, object: SyntaxNode) {
	for (let child = object.firstChild; child; child = child.nextSibling) {
		const name = child.name === 'Property' ? child.getChild('PropertyName') : null;
		if (!name) continue;
		const value = child.lastChild && SCALAR.test(child.lastChild.name) ? child.lastChild : null;
		yield { key: unquoted(text.slice(name.from, name.to)), name, value };
	}
}

function unquoted(quoted: string): string {
	try {
		return String(JSON.parse(quoted));
	} catch {
		return quoted.slice(1, -1);
	}
}

/** Keys that stand twice in one object: `JSON.parse` would silently keep the last. */
export function duplicates(text: string): (Place & { key: string })[] {
	const found: (Place & { key: string })[] = [];
	jsonLanguage.parser.parse(text).iterate({
		enter(node) {
			if (node.name !== 'Object') return;
			const seen = new Set<string>();
			for (const { key, name } of properties(text, node.node)) {
				if (seen.has(key)) found.push({ ...span(name), key });
				seen.add(key);
			}
		}
	});
	return found;
}

/** The first place where the text stops being JSON, as the reader of the page would point at it. */
export function brokenAt(text: string): Place | null {
	let at: Place | null = null;
	jsonLanguage.parser.parse(text).iterate({
		enter(node) {
			if (at || !node.type.isError) return;
			const from = Math.min(node.from, Math.max(0, text.length - 1));
			at = { from, to: Math.min(Math.max(node.to, from + 1), text.length) };
		}
	});
	return at;
}

export function lineOf(text: string, position: number): number {
	let line = 1;
	for (let at = text.indexOf('\n'); at !== -1 && at < position; at = text.indexOf('\n', at + 1)) line += 1;
	return line;
}
