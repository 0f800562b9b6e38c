import { expect, test } from 'vitest'
import { connectionOf, showServer } from './connection.ts'

test('a URL on this machine needs no TLS', () => {
  expect(connectionOf('postgresql://books@127.0.0.1:6000/yard')).toEqual({ host: '127.0.0.1', port: 6000, user: 'books', database: 'yard' })
  expect(connectionOf('postgres://books@[::1]/yard')).toMatchObject({ host: '::1', port: 5432 })
})

test('a URL of another machine is taken with a checked certificate only', () => {
  const connection = connectionOf('postgresql://books:s%40fe@db.example:5432/yard?sslmode=verify-full')
  expect(connection).toMatchObject({ host: 'db.example', password: 's@fe', ssl: { rejectUnauthorized: true } })
  for (const mode of ['', '?sslmode=disable', '?sslmode=require', '?sslmode=prefer', '?sslmode=verify-ca']) {
    expect(() => connectionOf(`postgresql://books@db.example/yard${mode}`)).toThrow(/would be reached with sslmode.*verify-full/)
  }
})

test.each([
  ['not a URL at all', 'is not one of PostgreSQL'],
  ['mysql://books@127.0.0.1/yard', 'is not one of PostgreSQL'],
  ['postgresql://127.0.0.1/yard', 'does not name a host, a user and a database'],
  ['postgresql://books@127.0.0.1/', 'does not name a host, a user and a database'],
  ['postgresql://books@127.0.0.1/yard?options=-cfsync', 'has the parameter options'],
  ['postgresql://books@127.0.0.1/yard?sslmode=verify-full&sslrootcert=missing.pem', 'missing.pem of the journal cannot be read'],
])('"%s" is refused', (url, why) => {
  expect(() => connectionOf(url)).toThrow(why)
})

test('neither a message nor a name of the server shows the password', () => {
  const secret = 'kept-from-view'
  expect(showServer(connectionOf(`postgresql://books:${secret}@127.0.0.1/yard`))).toBe('127.0.0.1:5432/yard')
  for (const url of [`postgresql://books:${secret}@db.example/yard`, `mysql://books:${secret}@db.example/yard`]) {
    expect(() => connectionOf(url)).toThrow(expect.objectContaining({ message: expect.not.stringContaining(secret) }))
  }
})
