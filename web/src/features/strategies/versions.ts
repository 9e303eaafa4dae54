import { api, body, type Schemas } from '$lib/api/client';

/** What asks for the versions of a strategy, newest first; a new one asks again. */
export const versionsOf = ({ id, version }: Pick<Schemas['StrategyItem'], 'id' | 'version'>) => ({
	queryKey: ['strategies', 'versions', id, version],
	queryFn: () => {
		const params = { path: { strategy_id: id }, query: { limit: 200 } };
		return body(api.GET('/api/v1/strategies/{strategy_id}/versions', { params }));
	}
});
