/** A condition in a few letters, where it is named and not edited. */
import { isObject, read, type Json } from './paths';
import { bare, kindOf, partsOf } from './tree';
import { typed } from './operands';

export function told(item: Json): string {
	const node = bare(item);
	if (!isObject(node)) return typed(node);
	const windows = ['for', 'within'].flatMap((key) =>
		node[key] == null ? [] : [`${key} ${typed(node[key])}`]
	);
	return [saidOf(node), ...windows].join(' · ');
}

function saidOf(node: Json): string {
	const kind = kindOf(node);
	if (kind === 'not') return `not (${told(read(node, ['not']))})`;
	if (kind !== 'leaf')
		return `${kind} (${partsOf(node, [])
			.map((part) => told(read(node, part)))
			.join('; ')})`;
	const { left, op, right } = node as Record<string, Json>;
	const rights = Array.isArray(right) ? right.map(typed).join('–') : typed(right);
	return [typed(left), typed(op), rights].filter(Boolean).join(' ');
}
