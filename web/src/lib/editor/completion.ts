/** The keys that a JSON schema allows where the cursor stands. */
import { jsonLanguage } from '@codemirror/lang-json';
import type { SyntaxNode } from '@lezer/common';

export interface JsonSchema {
	$ref?: string;
	$defs?: Record<string, JsonSchema>;
	properties?: Record<string, JsonSchema>;
	additionalProperties?: JsonSchema | boolean;
	items?: JsonSchema;
	anyOf?: JsonSchema[];
	oneOf?: JsonSchema[];
	allOf?: JsonSchema[];
	description?: string;
	enum?: unknown[];
}

interface Completions {
	from: number;
	to: number;
	options: { label: string; type: string; apply: string }[];
	validFor: RegExp;
}

export function keysAt(
	text: string,
	position: number,
	explicit: boolean,
	schema: JsonSchema | undefined
): Completions | null {
	if (!schema) return null;
	const node = jsonLanguage.parser.parse(text).resolveInner(position, -1);
	const quoted = node.name === 'PropertyName' || (node.name === 'String' && node.parent?.name === 'Object');
	const between = node.name === 'Object' || node.name === '{' || node.name === ',' || node.type.isError;
	const holder = quoted || between ? nearest(node) : null;
	const object = holder?.name === 'Object' ? holder : null;
	if (!object || (!quoted && !explicit)) return null;
	const steps = pathTo(text, object);
	const there = keysOf(text, object);
	const keys = new Set(
		schemasAt(schema, schema, steps).flatMap((each) => Object.keys(each.properties ?? {}))
	);
	const options = [...keys]
		.filter((key) => !there.has(key))
		.map((key) => ({ label: `"${key}"`, type: 'property', apply: quoted ? `"${key}"` : `"${key}": ` }));
	if (!options.length) return null;
	return {
		from: quoted ? node.from : position,
		to: quoted ? node.to : position,
		options,
		validFor: /^"[\w]*"?$/
	};
}

/** The object or list around; the property itself where the cursor stands after its colon. */
function nearest(node: SyntaxNode): SyntaxNode | null {
	let at: SyntaxNode | null = node.name === 'PropertyName' ? (node.parent?.parent ?? null) : node;
	while (at && at.name !== 'Object' && at.name !== 'Array' && at.name !== 'Property') at = at.parent;
	return at;
}

const bare = (text: string, node: SyntaxNode) => text.slice(node.from + 1, node.to - 1);

function keysOf(text: string, object: SyntaxNode): Set<string> {
	const keys = object.getChildren('Property').flatMap((each) => each.getChildren('PropertyName'));
	return new Set(keys.map((name) => bare(text, name)));
}

/** Keys, and null for a place in a list, from the root to a node. */
function pathTo(text: string, node: SyntaxNode): (string | null)[] {
	const steps: (string | null)[] = [];
	for (let at = node.parent; at; at = at.parent) {
		const name = at.name === 'Property' ? at.getChild('PropertyName') : null;
		if (name) steps.unshift(bare(text, name));
		else if (at.name === 'Array') steps.unshift(null);
	}
	return steps;
}

function schemasAt(root: JsonSchema, schema: JsonSchema, steps: readonly (string | null)[]): JsonSchema[] {
	const open = alternatives(root, schema, 0);
	const [step, ...rest] = steps;
	if (step === undefined) return open;
	return open.flatMap((each) => {
		const extra = typeof each.additionalProperties === 'object' ? each.additionalProperties : undefined;
		const next = step === null ? each.items : (each.properties?.[step] ?? extra);
		return next ? schemasAt(root, next, rest) : [];
	});
}

function alternatives(root: JsonSchema, schema: JsonSchema, depth: number): JsonSchema[] {
	if (depth > 12) return [];
	const name = schema.$ref?.replace('#/$defs/', '');
	const referred = name === undefined ? undefined : root.$defs?.[name];
	const others = [
		...(referred ? [referred] : []),
		...(schema.anyOf ?? []),
		...(schema.oneOf ?? []),
		...(schema.allOf ?? [])
	];
	return [schema, ...others.flatMap((each) => alternatives(root, each, depth + 1))];
}
