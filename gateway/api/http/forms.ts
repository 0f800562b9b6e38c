import type { RouteApp } from './routeApp.ts'

const FORM_BYTES_MAX = 8_192

/** Lets an app read what a form of a page sends. */
export function readForms(app: RouteApp): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: FORM_BYTES_MAX }, (_, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
}
