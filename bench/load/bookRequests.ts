import { randomUUID } from 'node:crypto'
import type { PreparedRequest } from './preparedRequest.ts'

/** `count` requests paid from the balance of an API key (book rail), each with its own idempotency key, so each is a payment of its own. */
export function bookRequests(path: string, options: { apiKey: string; count: number }): PreparedRequest[] {
  return Array.from({ length: options.count }, () => ({
    method: 'GET',
    path,
    headers: { authorization: `Bearer ${options.apiKey}`, 'idempotency-key': randomUUID() },
  }))
}
