import type { Schemas } from '$lib/api/client';
import { feed, type LiveFeed } from '$lib/stream/feed.svelte';

type Job = Schemas['JobView'];
type View = Schemas['SessionDetail']['view'] | NonNullable<Schemas['SnapshotMessage']['view']>;
export type State = Schemas['SessionItem']['state'];

const FINAL: readonly State[] = ['finished', 'failed', 'stopped'];

/** One session as the server sees it, from its order to its end. */
export class LiveSession {
	job: Job | null = $state.raw(null);
	view: View | null = $state.raw(null);
	state: State = $state('queued');
	readonly over = $derived(FINAL.includes(this.state));

	/** Answers how to leave. */
	follow(
		session: { id: string; job_id: string; state: State; view: View },
		over: LiveFeed = feed
	): () => void {
		this.state = session.state;
		this.view = session.view;
		const hear = (job: Job | null | undefined) => {
			if (!job) return;
			this.job = job;
			this.state = job.state;
		};
		const leave = [
			over.subscribe(`jobs.${session.job_id}`, {
				onsnapshot: ({ job }) => hear(job),
				onevent: ({ job }) => hear(job)
			}),
			over.subscribe(`session.${session.id}`, {
				onsnapshot: ({ state, view }) => {
					if (view) this.view = view;
					if (state) this.state = state;
				}
			})
		];
		return () => leave.forEach((each) => each());
	}
}
