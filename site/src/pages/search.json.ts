import { buildSearchIndex } from '../lib/search-index.ts';

export const GET = () => Response.json(buildSearchIndex());
