import { type Description, type Placed, resolved } from './description.ts'

/** A call that can be pasted into a shell, once its variables are set. */
export function curlOf({ method, path, operation }: Placed, { description, origin }: { description: Description; origin: string }): string {
  const { parameters = [], requestBody, security } = operation
  const needed = parameters.map((one) => resolved(description, one)).filter(({ required }) => required)
  const query = needed.filter((one) => one.in === 'query').map(({ name }) => `${name}=$${name.toUpperCase()}`)
  const url = `${origin}${path.replaceAll(/{(\w+)}/g, (_, name: string) => `$${name.toUpperCase()}`)}${query.length > 0 ? `?${query.join('&')}` : ''}`
  const example = requestBody?.content['application/json']?.example
  return [
    `curl${method === 'GET' ? '' : ` -X ${method}`} "${url}"`,
    ...(security?.length === 0 ? [] : ['-H "Authorization: Bearer $SWITCHYARD_KEY"']),
    ...(needed.some(({ name }) => name === 'idempotency-key') ? ['-H "Idempotency-Key: $(openssl rand -hex 16)"'] : []),
    ...(example === undefined ? [] : ["-H 'Content-Type: application/json'", `-d '${quoted(JSON.stringify(example))}'`]),
  ].join(' \\\n  ')
}

/** A text inside single quotes of a shell. */
function quoted(value: string): string {
  return value.replaceAll("'", String.raw`'\''`)
}
