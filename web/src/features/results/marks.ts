import { api, body, type Schemas } from '$lib/api/client';

const PAGE = 200;
/** More arrows than this nobody can tell apart; the tables have all trades. */
const MOST = 2_000;

export async function tradesToMark(id: string, instrument: string): Promise<Schemas['Trade'][]> {
	const found: Schemas['Trade'][] = [];
	let cursor: string | null = null;
	do {
		const query = { instrument, limit: PAGE, ...(cursor ? { cursor } : {}) };
		const page: Schemas['List_Trade_'] = await body(
			api.GET('/api/v1/results/{session_id}/trades', { params: { path: { session_id: id }, query } })
		);
		found.push(...page.items);
		cursor = page.next_cursor;
	} while (cursor !== null && found.length < MOST);
	return found;
}
