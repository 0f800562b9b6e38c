import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'

/** What a plugin of routes is handed: an app that reads the shapes of its requests from their zod schemas. */
export type RouteApp = Parameters<FastifyPluginAsyncZod>[0]
