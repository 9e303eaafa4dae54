import { expect, test } from 'vitest';
import { park, unpark } from './parked';

const a = { left: 'a', op: '>', right: 1 };
const b = { left: 'b', op: '>', right: 1 };
const document = {
	rules: [
		{ id: 'one', when: a },
		{
			id: 'two',
			when: {
				any: [
					a,
					{
						score: {
							of: [
								{ weight: 2, if: a },
								{ weight: 1, if: b }
							],
							at_least: 1
						}
					}
				]
			},
			unless: [{ name: 'x', ...b }]
		}
	]
};

test.each([
	[['rules', 0, 'when']],
	[['rules', 1, 'when', 'any', 0]],
	[['rules', 1, 'when', 'any', 1, 'score', 'of', 0, 'if']],
	[['rules', 1, 'unless', 0]]
])('a condition at %j that is set aside and put back is where it was', (path) => {
	const { document: left, parked } = park(document, path);
	expect(JSON.stringify(left)).not.toBe(JSON.stringify(document));
	const back = unpark(left, parked);
	if (path.length > 3) expect(back).toEqual(document);
	else expect(back?.rules[0]?.when).toEqual({ all: [a] });
});

test('where its place is gone it stands at the end of its rule', () => {
	const { parked } = park(document, ['rules', 1, 'when', 'any', 0]);
	expect(unpark({ rules: [{ id: 'two', when: b }] }, parked)).toEqual({
		rules: [{ id: 'two', when: { all: [b, a] } }]
	});
});

test('where its rule is gone it cannot be put back', () => {
	const { parked } = park(document, ['rules', 1, 'when', 'any', 0]);
	expect(unpark({ rules: [] }, parked)).toBeNull();
});
