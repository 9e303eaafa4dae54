/**
 * A rule's condition as a tree that is moved about. Every function takes a document and gives another one; what it does not
 * know is carried along. A path leads to a condition: `rules[0].when`, `rules[0].unless[1]`, `rules[0].when.all[2].not`.
 */
import { inserted, isObject, read, within, write, type Json, type JsonObject, type Path } from './paths';

export type Group = 'all' | 'any' | 'at_least' | 'score';
export type Kind = 'leaf' | 'not' | Group;
export const GROUPS: readonly Group[] = ['all', 'any', 'at_least', 'score'];
const WINDOWS = ['for', 'within'] as const;

export function kindOf(node: Json): Kind {
	if (!isObject(node)) return 'leaf';
	if ('not' in node) return 'not';
	return GROUPS.find((group) => group in node) ?? 'leaf';
}

/** Where the parts of a group stand. */
export function listOf(node: Json, path: Path): Path | null {
	const kind = kindOf(node);
	if (kind === 'all' || kind === 'any') return [...path, kind];
	return kind === 'at_least' || kind === 'score' ? [...path, kind, 'of'] : null;
}

/** The conditions right below this one. */
export function partsOf(node: Json, path: Path): Path[] {
	if (kindOf(node) === 'not') return [[...path, 'not']];
	const list = listOf(node, path);
	if (!list) return [];
	const items = read(node, list.slice(path.length));
	const last = kindOf(node) === 'score' ? ['if'] : [];
	return Array.isArray(items) ? items.map((_, at) => [...list, at, ...last]) : [];
}

/** How many comparisons there are in it. */
export function leavesOf(node: Json): number {
	if (kindOf(node) === 'leaf') return 1;
	return partsOf(node, []).reduce((sum, part) => sum + leavesOf(read(node, part)), 0);
}

/** Where a condition can stand: before the item `at` of a list, or beside a single one, which makes the two a group. */
export interface Slot {
	list: Path;
	at: number;
}

/** Every place of a rule's `when` in the order of reading. */
export function slots(document: Json, when: Path): Slot[] {
	const node = read(document, when);
	if (kindOf(node) === 'not')
		return [{ list: when, at: 0 }, ...inside(document, when), { list: when, at: 1 }];
	if (!listOf(node, when)) return [0, 1].map((at) => ({ list: when, at }));
	return inside(document, when);
}

function inside(document: Json, path: Path): Slot[] {
	const node = read(document, path);
	const list = listOf(node, path);
	const parts = partsOf(node, path);
	if (!list) return parts.flatMap((part) => inside(document, part));
	return [
		...parts.flatMap((part, at) => [{ list, at }, ...inside(document, part)]),
		{ list, at: parts.length }
	];
}

/** The item that is moved when this condition is: with its weight where it is a part of a score. */
const itemOf = (path: Path): Path => (path.at(-1) === 'if' ? path.slice(0, -1) : path);

const scored = (list: Path): boolean => list.at(-1) === 'of' && list.at(-2) === 'score';
const vetoed = (list: Path): boolean => list.at(-1) === 'unless';

/** A condition without what only its place gave it: a veto's name, a part's weight. */
export function bare(item: Json): Json {
	if (!isObject(item)) return item;
	if ('if' in item) return item.if;
	return 'name' in item ? write(item, ['name'], undefined) : item;
}

/** As it is written at that place: with a weight, with a name, or bare. */
function fitted({ list }: Slot, item: Json, name: string): Json {
	if (scored(list)) return isObject(item) && 'if' in item ? item : { weight: 1, if: bare(item) };
	if (!vetoed(list) || !isObject(item)) return bare(item);
	return 'name' in item ? item : { name, ...(bare(item) as JsonObject) };
}

function put<T extends Json>(document: T, { list, at }: Slot, item: Json): T {
	const there = read(document, list);
	if (Array.isArray(there) || vetoed(list)) return inserted(document, list, at, item);
	const alone = isObject(there) ? [bare(there)] : [];
	return write(document, list, lifted(there, { all: alone.toSpliced(at, 0, item) }));
}

/** Put there; beside a condition that stands alone the two become a group. */
export const insert = <T extends Json>(document: T, slot: Slot, item: Json, name = ''): T =>
	put(document, slot, fitted(slot, item, name));

/** Taken out, with the groups that it leaves empty; a rule's own condition stays, as a group of none. */
export function remove<T extends Json>(document: T, path: Path): T {
	const item = itemOf(path);
	const parent = item.slice(0, -1);
	const last = item.at(-1);
	if (last === 'when') return write(document, path, { all: [] });
	if (last === 'not') return remove(document, parent);
	const left = write(document, item, undefined);
	if (parent.at(-1) === 'unless')
		return (read(left, parent) as Json[]).length ? left : write(left, parent, undefined);
	const group = groupOf(parent);
	const emptied = (read(left, parent) as Json[]).length === 0;
	return emptied && group.at(-1) !== 'when' ? remove(left, group) : left;
}

/** The group whose list this is. */
const groupOf = (list: Path): Path => list.slice(0, list.at(-1) === 'of' ? -2 : -1);

interface Moved<T> {
	document: T;
	/** Where it stands now. */
	path: Path;
}

/** Into another place of this or another rule; null where that is inside itself, or where it stands already. */
export function move<T extends Json>(document: T, from: Path, to: Slot, name = ''): Moved<T> | null {
	const item = itemOf(from);
	if (within(to.list, item) || within(to.list, from)) return null;
	const siblings = item.slice(0, -1);
	if (within(to.list, siblings) && to.list.length === siblings.length) {
		const at = item.at(-1);
		if (typeof at !== 'number' || to.at === at || to.at === at + 1) return null;
		const place = to.at > at ? to.at - 1 : to.at;
		const moved = read(document, item);
		const left = (read(document, siblings) as Json[]).toSpliced(at, 1).toSpliced(place, 0, moved);
		return {
			document: write(document, siblings, left),
			path: [...siblings, place, ...from.slice(item.length)]
		};
	}
	// What is moved leaves a mark behind, so that neither place shifts before both are dealt with.
	const mark = {};
	const moved = structuredClone(fitted(to, read(document, item), name));
	const both = put(write(document, item, mark), to, moved);
	const left = remove(both, find(both, mark) as Path);
	const path = find(left, moved) as Path;
	return { document: left, path: isObject(moved) && 'if' in moved ? [...path, 'if'] : path };
}

/** The path at which the very same object stands, not an equal one. */
function find(value: Json, wanted: Json, path: Path = []): Path | null {
	if (value === wanted) return path;
	if (typeof value !== 'object' || value === null) return null;
	const steps = Array.isArray(value) ? value.keys() : Object.keys(value);
	for (const step of steps) {
		const found = find(read(value, [step]), wanted, [...path, step]);
		if (found) return found;
	}
	return null;
}

/** One place up or down in the order of reading: past a neighbour, into a group, or out of one. */
export function step<T extends Json>(document: T, path: Path, by: -1 | 1): Moved<T> | null {
	const root = rootOf(path);
	if (root.at(-2) === 'unless') return stepVeto(document, path, by);
	const item = itemOf(path);
	const all = slots(document, root);
	const here = all.findIndex(
		({ list, at }) => within(item, list) && item.length === list.length + 1 && at === item.at(-1)
	);
	if (here < 0) return null;
	for (let at = here + by; at >= 0 && at < all.length; at += by) {
		const moved = move(document, path, all[at] as Slot);
		if (moved) return moved;
	}
	return null;
}

function stepVeto<T extends Json>(document: T, path: Path, by: -1 | 1): Moved<T> | null {
	const at = path.at(-1);
	const list = path.slice(0, -1);
	if (typeof at !== 'number' || at + by < 0 || at + by >= (read(document, list) as Json[]).length)
		return null;
	return move(document, path, { list, at: by > 0 ? at + 2 : at - 1 });
}

/** The whole condition that this one is a part of: `rules[i].when` or `rules[i].unless[j]`. */
export const rootOf = (path: Path): Path => (path[2] === 'unless' ? path.slice(0, 4) : path.slice(0, 3));

/** What holds, and what does not: `not` put around it, or taken away. */
export function negate<T extends Json>(document: T, path: Path): T {
	const node = read(document, path);
	if (!isObject(node)) return document;
	if (!('not' in node)) return write(document, path, lifted(node, { not: bare(node) }));
	const inner = isObject(node.not) ? node.not : {};
	const windows = Object.fromEntries(WINDOWS.flatMap((key) => (key in node ? [[key, node[key]]] : [])));
	const clash = Object.keys(windows).some((key) => key in inner);
	return write(document, path, lifted(node, clash ? { all: [inner], ...windows } : { ...inner, ...windows }));
}

/** A group of which it is the only part. */
export function wrap<T extends Json>(document: T, path: Path, group: Group): T {
	const node = read(document, path);
	return write(document, path, lifted(node, grouped(group, [bare(node)], {})));
}

/** A group of one is that one; where both have the same window, it has to stay. */
export function unwrap<T extends Json>(document: T, path: Path): T {
	const node = read(document, path);
	const [only, ...others] = partsOf(node, []);
	if (!isObject(node) || !only || others.length || kindOf(node) === 'not') return document;
	const part = read(node, only);
	if (!isObject(part) || WINDOWS.some((key) => key in node)) return document;
	return write(document, path, lifted(node, part));
}

/** Another way to combine the same parts. */
export function convert<T extends Json>(document: T, path: Path, group: Group): T {
	const node = read(document, path);
	const kind = kindOf(node);
	if (!isObject(node) || kind === 'leaf' || kind === 'not' || kind === group) return document;
	const parts = partsOf(node, []).map((part) => read(node, part));
	return write(document, path, grouped(group, parts, write(node, [kind], undefined)));
}

/** A second one right behind it. */
export function copy<T extends Json>(document: T, path: Path, name = ''): T {
	const item = itemOf(path);
	const at = item.at(-1);
	if (typeof at === 'number') return inserted(document, item.slice(0, -1), at + 1, read(document, item));
	if (at === 'not') return copy(document, item.slice(0, -1), name);
	return insert(document, { list: path, at: 1 }, read(document, path), name);
}

function grouped(group: Group, parts: Json[], rest: JsonObject): JsonObject {
	if (group === 'at_least') return { at_least: { n: Math.min(2, parts.length), of: parts }, ...rest };
	if (group !== 'score') return { [group]: parts, ...rest };
	return {
		score: { of: parts.map((part) => ({ weight: 1, if: part })), at_least: Math.min(2, parts.length) },
		...rest
	};
}

/** A veto keeps its name, whatever becomes of its condition. */
const lifted = (old: Json, next: JsonObject): JsonObject =>
	isObject(old) && 'name' in old ? { name: old.name, ...next } : next;
