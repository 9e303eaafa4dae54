import { expect, test } from 'vitest';
import { keysAt, type JsonSchema } from './completion';

const schema: JsonSchema = {
	properties: {
		name: {},
		rules: { items: { $ref: '#/$defs/rule' } },
		series: { anyOf: [{ additionalProperties: { properties: { indicator: {}, formula: {} } } }] }
	},
	$defs: { rule: { anyOf: [{ properties: { id: {}, when: {} } }] } }
};
const keys = (text: string, explicit = true) =>
	keysAt(text.replace('|', ''), text.indexOf('|'), explicit, schema)?.options.map((option) => option.label);

test('the keys of the schema are offered where the cursor stands, but not those that are there', () => {
	expect(keys('{|}')).toEqual(['"name"', '"rules"', '"series"']);
	expect(keys('{"name": "x", |}')).toEqual(['"rules"', '"series"']);
	expect(keys('{"rules": [{"id": "a", |}]}')).toEqual(['"when"']);
	expect(keys('{"series": {"fast": {|}}}')).toEqual(['"indicator"', '"formula"']);
});

test('nothing is offered unasked outside of a key, nor inside a value', () => {
	expect(keys('{|}', false)).toBeUndefined();
	expect(keys('{"name": "n|"}')).toBeUndefined();
});
