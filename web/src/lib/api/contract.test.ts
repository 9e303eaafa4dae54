/** What Python wrote (`tests/contract`) is what the generated types say: the compiler reads each fixture as the type it is named by. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const FIXTURES = join(process.cwd(), '../tests/contract');
const SCHEMA = join(process.cwd(), 'src/lib/api/schema.d.ts');
const OPTIONS: ts.CompilerOptions = { strict: true, noEmit: true, skipLibCheck: true, types: [] };

const fixtures = readdirSync(FIXTURES).filter((name) => name.endsWith('.json'));

/** What the compiler has against a text that stands beside the schema. */
function complaints(text: string): string[] {
	const path = join(process.cwd(), 'src/lib/api/fixtures.virtual.ts');
	const host = ts.createCompilerHost(OPTIONS);
	const read = host.getSourceFile.bind(host);
	host.getSourceFile = (name, ...rest) =>
		name === path ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : read(name, ...rest);
	const program = ts.createProgram([path, SCHEMA], OPTIONS, host);
	return program
		.getSemanticDiagnostics(program.getSourceFile(path))
		.map((each) => ts.flattenDiagnosticMessageText(each.messageText, '\n'));
}

const typed = (entries: [string, string][]) =>
	["import type { components } from './schema';", "type Schemas = components['schemas'];"]
		.concat(
			entries.map(([name, json], place) => `export const fixture${place}: Schemas['${name}'] = ${json};`)
		)
		.join('\n');

test('every fixture that Python wrote is accepted by the types of the web', { timeout: 60_000 }, () => {
	expect(fixtures.length).toBeGreaterThan(15);
	const read = fixtures.map((name): [string, string] => [
		name.replace('.json', ''),
		readFileSync(join(FIXTURES, name), 'utf8')
	]);
	expect(complaints(typed(read))).toEqual([]);
});

test('a fixture with a field of another type is not', { timeout: 60_000 }, () => {
	expect(
		complaints(typed([['PongMessage', '{"type": "pong", "id": 7, "at": "2026-01-01T12:00:00Z"}']]))
	).toHaveLength(1);
});
