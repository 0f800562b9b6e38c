import { describe, expect, test } from 'vitest'
import { type Description, modelOf } from './model.ts'
import { proposedNames, withRows } from './proposedNames.ts'
import { pythonFiles } from './python.ts'
import { type Schema, shapeOf } from './shape.ts'
import { typescriptFiles } from './typescript.ts'

const TERMS = { version: '2026-11-23', codes: ['not_found'] }
const body = {
  type: 'object',
  properties: { as: { type: 'string' }, from: { $ref: '#/components/schemas/Who' }, sizes: { type: 'array', items: { enum: [1, 2] } } },
}
const content = (schema: Schema) => ({ 'application/json': { schema } })
const description: Description = {
  components: {
    schemas: {
      Kept: { anyOf: [{ properties: { a: { const: 1 } } }, { properties: { b: { const: 2 } } }] },
      Who: {
        anyOf: [{ type: 'null' }, { type: 'object', properties: { kind: { const: 'party' }, id: { type: 'string' } }, required: ['kind'] }],
      },
    },
  },
  paths: {
    '/v1/lent_things/{thing}/return': {
      post: {
        operationId: 'returnThing',
        summary: 'Give it */ back',
        parameters: [
          { in: 'path', name: 'thing' },
          { in: 'header', name: 'idempotency-key', required: true },
        ],
        requestBody: { content: content(body) },
        responses: {
          201: { content: content({ $ref: '#/components/schemas/Kept' }), headers: { 'Switchyard-Version': {}, 'Switchyard-Note': {} } },
        },
      },
    },
    '/v1/lent_things': {
      get: {
        operationId: 'listThings',
        parameters: [{ in: 'query', name: 'after', schema: { type: 'string' } }],
        responses: {
          200: { content: content({ properties: { data: { type: 'array', items: { type: 'integer' } }, has_more: { type: 'boolean' } } }) },
        },
      },
    },
  },
}
const names = { listThings: 'lentThings.list', returnThing: 'lentThings.return' }

test('an operation is a method in TypeScript, with its ids, its body, its key and what a header gives', () => {
  const { 'resources.ts': text, 'operations.ts': operations } = typescriptFiles(modelOf(description, names), TERMS)
  expect(text).toContain(
    'return(thing: string, body?: types.ReturnThingBody, options?: KeyedOptions): Promise<types.Kept & { readonly note: string | null }>',
  )
  expect(text).toContain('list(query?: types.ListThingsQuery, options?: CallOptions): Pages<number>')
  expect(text).toContain('Give it * / back')
  expect(operations).toContain("keyed: true, given: { 'switchyard-note': 'note' }")
})

test('what is a word of Python’s own is no name there: a field is written as text, a method gets another', () => {
  const { 'types.py': types, 'resources.py': resources } = pythonFiles(modelOf(description, names), TERMS)
  expect(types).toContain('ReturnThingBody = TypedDict(')
  expect(types).toContain('"as": NotRequired["str"]')
  expect(types).toContain('"sizes": NotRequired["list[Literal[1, 2]]"]')
  expect(types).toContain('Who: TypeAlias = "None | WhoParty"')
  expect(types).toContain('class ReturnThingGiven1(ReturnThingGiven1Base):\n    note: str | None')
  expect(types).toContain('ReturnThingGiven: TypeAlias = "ReturnThingGiven1 | ReturnThingGiven2"')
  expect(resources).toContain('def return_(self, thing: str, body: types.ReturnThingBody | None = None, *, idempotency_key')
  expect(resources).toContain('**query: Unpack[types.ListThingsQuery]) -> Pages[int]')
})

test('an operation without a name is refused, and one is proposed that nobody has', () => {
  expect(() => modelOf(description, {})).toThrow(/has no name in tools\/sdk\/names\.ts: run `npm run sdk`/)
  expect(proposedNames(description, {})).toEqual({ returnThing: 'lentThings.return', listThings: 'lentThings.list' })
  expect(proposedNames(description, { other: 'lentThings.list' })).toMatchObject({ listThings: 'lentThings.listThings' })
  expect(withRows("a = {\n  b: 'x.b',\n}\n", { a: 'x.a' })).toBe("a = {\n  a: 'x.a',\n  b: 'x.b',\n}\n")
})

describe('a schema as a shape', () => {
  const fields = (name: string) => ({ type: 'object', properties: { [name]: { type: 'string' } }, required: [name] })
  test.each<[string, Schema, unknown]>([
    ['several types', { type: ['string', 'null'] }, { kind: 'either', of: [{ kind: 'text' }, { kind: 'null' }] }],
    ['one of one', { anyOf: [{ type: 'string' }, { type: 'string' }] }, { kind: 'text' }],
    [
      'a map with keys',
      { type: 'object', propertyNames: { enum: ['a'] }, additionalProperties: { type: 'boolean' } },
      { kind: 'map', keys: ['a'], of: { kind: 'truth' } },
    ],
    ['nothing said', {}, { kind: 'anything' }],
  ])('%s', (_, schema, shape) => expect(shapeOf(schema, {})).toEqual(shape))

  test('all of several objects has the fields of each; of what is no object it is refused', () => {
    expect(shapeOf({ allOf: [fields('a'), { $ref: '#/components/schemas/B' }] }, { B: fields('b') })).toMatchObject({
      fields: [
        { name: 'a', required: true },
        { name: 'b', required: true },
      ],
    })
    expect(() => shapeOf({ allOf: [{ type: 'string' }] }, {})).toThrow(/write it as one object/)
  })
})
