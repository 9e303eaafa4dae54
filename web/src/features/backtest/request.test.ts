import { expect, test } from 'vitest';
import type { Schemas } from '$lib/api/client';
import { atControls, EMPTY, formOf, requestOf, revived, type Form } from './request';

const form: Form = {
	...EMPTY,
	strategy: 's1',
	universe: ['synthetic:BTC/USDT'],
	timeframe: '1h',
	parameters: { fast: 12 }
};

test('what is left empty is left to the server', () => {
	expect(requestOf(form)).toMatchObject({
		strategy_id: 's1',
		strategy_version: null,
		start: null,
		end: null,
		parameters: { fast: 12 }
	});
});

test('money goes as the text that was typed', () => {
	expect(requestOf({ ...form, cash: ' 12345678901234567890.10 ' }).account?.cash).toBe(
		'12345678901234567890.10'
	);
});

test.each([
	['0.1', 0.001],
	['0.07', 0.0007],
	['0,26', 0.0026],
	['2', 0.02],
	['1e-1', 0.001]
])('a fee of %s percent is %d', (fee, rate) => {
	expect(requestOf({ ...form, fee }).account?.fee_rate).toBe(rate);
});

test('a number that is none is sent as null, so that the server says so at its place', () => {
	const body = JSON.parse(JSON.stringify(requestOf({ ...form, leverage: '', slippage: 'x' })));
	expect(body.account).toMatchObject({ leverage: null, slippage_bps: null });
});

test('a session and the form that asks for it again ask for the same', () => {
	const asked = requestOf({ ...form, version: '3', fee: '0.07', start: '2024-01-01T00:00:00Z' });
	const session = { ...asked, universe: asked.universe } as unknown as Schemas['SessionDetail'];
	expect(requestOf(formOf(session, { fast: 12 }))).toEqual(asked);
});

test('a run of a document that was never saved is asked for again with that document', () => {
	const document = { name: 'Unsaved', universe: ['file:mine'] };
	const session = {
		...requestOf(form),
		strategy_id: null,
		document
	} as unknown as Schemas['SessionDetail'];
	const again = formOf(session, {});
	expect(requestOf(again)).toMatchObject({ strategy_id: null, document });
	expect(revived(JSON.stringify(again))).toEqual(again);
});

test('the form is revived, and what is not a form is the default', () => {
	expect(revived(JSON.stringify(form))).toEqual(form);
	for (const broken of [
		null,
		'',
		'x',
		'[]',
		'null',
		'{"cash": 5, "universe": [1], "parameters": {"a": "b"}}'
	]) {
		expect(revived(broken)).toEqual(EMPTY);
	}
});

test('complaints stand at their controls, the first of each', () => {
	const at = (path: string, message: string) => ({ path, message, code: '' });
	expect(
		atControls([at('universe[1]', 'first'), at('universe[2]', 'second'), at('account.leverage', 'high')])
	).toEqual({ universe: 'first', 'account.leverage': 'high' });
});
