import createClient, { type Middleware } from 'openapi-fetch';
import type { components, paths } from './schema';
import { latency } from './latency.svelte';

export type Schemas = components['schemas'];
export type Problem = Schemas['ProblemBody'];

/** What the server answered instead of what was asked. `network` where it did not answer at all. */
export class ApiError extends Error {
	constructor(readonly problem: Problem) {
		super(problem.detail);
	}
	get code(): string {
		return this.problem.type;
	}
}

const began = new WeakMap<Request, number>();

/** openapi-fetch answers errors as values; here they are thrown, so that a query fails where its request did. */
const problems: Middleware = {
	onRequest({ request }) {
		began.set(request, performance.now());
		return request;
	},
	async onResponse({ request, response, schemaPath }) {
		latency.add(
			`${request.method} ${schemaPath}`,
			performance.now() - (began.get(request) ?? performance.now())
		);
		if (response.ok) return response;
		throw new ApiError(await problem(response));
	},
	onError() {
		return new ApiError({
			type: 'network',
			title: '',
			status: 0,
			detail: 'the server does not answer',
			errors: [],
			trace_id: ''
		});
	}
};

export async function problem(response: Response): Promise<Problem> {
	const fallback: Problem = {
		type: 'internal',
		title: response.statusText,
		status: response.status,
		detail: response.statusText,
		errors: [],
		trace_id: response.headers.get('x-trace-id') ?? ''
	};
	if (!response.headers.get('content-type')?.includes('json')) return fallback;
	return (await response.json()) as Problem;
}

export const api = createClient<paths>({ baseUrl: '/' });
api.use(problems);

/** The body of an answer that the middleware has let through. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<T> {
	return (await answer).data as T;
}

/** A write's key: the same click sent twice takes effect once. */
export function once(): { 'Idempotency-Key': string } {
	return { 'Idempotency-Key': crypto.randomUUID() };
}
