/** What the published schema of a document offers, beyond what every document has. */
import { isObject, read, type Json, type JsonObject } from './paths';

/** A key whose only value is nothing, or what it is anyway, is one that comes later. */
function offered(schema: Json): boolean {
	if (!isObject(schema)) return false;
	if (schema.type === 'null') return false;
	return !(Array.isArray(schema.enum) && schema.enum.every((each) => each === false || each === null));
}

const object = (schema: Json): JsonObject => {
	const parts = isObject(schema) && Array.isArray(schema.anyOf) ? (schema.anyOf as Json[]) : [schema];
	const found = parts.map((part) => read(part, ['properties'])).find(isObject);
	return found ?? {};
};

/** The limits that can be set, each with whether it is a switch. */
export function limitsOf(schema: Json): { key: string; flag: boolean }[] {
	return Object.entries(object(read(schema, ['properties', 'limits'])))
		.filter(([, each]) => offered(each))
		.map(([key, each]) => ({
			key,
			flag: JSON.stringify(each).includes('boolean') || JSON.stringify(each).includes('true')
		}));
}

/** Whether series of coarser bars are read. */
export function hasCoarserBars(schema: Json): boolean {
	const kinds = read(schema, ['$defs', 'series', 'anyOf']);
	return Array.isArray(kinds) && kinds.some((kind) => offered(read(kind, ['properties', 'timeframe'])));
}
