import { readFileSync } from 'node:fs'
import { WrongWords } from '../wrongWords.ts'

export type RequestOptions = Readonly<{
  method?: string | undefined
  header?: readonly string[] | undefined
  data?: string | undefined
  json?: boolean | undefined
}>

/** A request as it was typed. */
export type Asked = Readonly<{ url: string; init: RequestInit }>

/** The request that the words mean. */
export function requestOf(url: string, { method, header = [], data }: RequestOptions): Asked {
  // Not `URL.parse`, which Node 20 has not.
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new WrongWords(`${url} is no URL: write it with http:// or https://`)
  const headers = new Headers()
  for (const line of header) {
    const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*(.*)$/.exec(line)
    if (!match) throw new WrongWords(`--header is written "name: value", not ${line}`)
    headers.append(match[1]!, match[2]!)
  }
  const body = data?.startsWith('@') ? readFileSync(data.slice(1)) : data
  return { url, init: { method: method ?? (data === undefined ? 'GET' : 'POST'), headers, ...(body === undefined ? {} : { body }) } }
}
