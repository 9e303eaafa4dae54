import { api, body } from '$lib/api/client';
import { InstrumentSearch } from './search';

/** As many as a list that is read shows. */
const SHOWN = 30;

/** The one search of the page: what was found for a field is known to the others. */
export const instruments = new InstrumentSearch(async (query, signal) => {
	const asked = { limit: SHOWN, ...(query ? { query } : {}) };
	return (await body(api.GET('/api/v1/catalog/instruments', { params: { query: asked }, signal }))).items;
});
