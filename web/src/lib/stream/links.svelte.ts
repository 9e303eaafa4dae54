import type { Schemas } from '$lib/api/client';
import { feed, type LiveFeed } from './feed.svelte';

export type LinkItem = Schemas['LinkItem'];

/** How the connections to venues are. A venue that nobody listens to has none. */
export class Links {
	all: readonly LinkItem[] = $state.raw([]);

	/** Answers how to leave. */
	follow(over: LiveFeed = feed): () => void {
		const hear = ({ links }: { links?: LinkItem[] | null }) => {
			if (links) this.all = links;
		};
		return over.subscribe('links', { onsnapshot: hear, onevent: hear });
	}
}
