import type { Asset } from '../../../gateway/money/asset.ts'
import type { Money } from '../../../gateway/money/money.ts'
import type { BankRailName } from '../../../gateway/ports/railName.ts'
import type { Destination } from '../../../gateway/ports/sender.ts'
import type { FileReader } from './bankFile.ts'
import type { CodeMeaning } from './codeMeaning.ts'
import type { BankStore, Payment } from './store.ts'

/** Whom an order pays, as the rail's own file keeps it: `iban` is the account's key, in whatever form the network has it. */
type Payee = Readonly<{ iban: string; name: string }>

/** `id` is the order's own name; `lane` how quickly it is to be there, where the network has more than one way. */
export type Order = Readonly<{ id: string; amount: Money; destination: Destination; reference: string; lane: string | undefined }>

/** What one network of banks has otherwise than another: whom it pays, what its files say and how they are read. */
export type BankNetwork = Readonly<{
  rail: BankRailName
  asset: Asset
  serves: readonly Destination['kind'][]
  /** What files are called behind their name, with its dot. */
  ending: string
  /** Names our own account in the rail's data file, which is of no other. */
  own: string
  /** The name that an attempt has at the bank: always the same, and of no other attempt. */
  nameOf: (attemptId: string) => string
  refuse: (destination: Destination) => string | undefined
  /** Why an amount can not go, or not this way. */
  refuseAmount: (amount: Money, lane: string | undefined) => string | undefined
  /** How long the bank may say nothing of an order until a person is called, where that is not a few times as long as it takes. */
  patienceMs?: number
  payee: (destination: Destination) => Payee | undefined
  /** What the data file keeps of an order for the file that it leaves in. */
  order: (order: Order, store: BankStore) => string
  /** The text of a file that is made at `createdAt` (ms). */
  file: (id: string, payments: readonly Payment[], createdAt: number, store: BankStore) => string
  /** Begins a file of the bank's. */
  read: (store: BankStore) => FileReader
  /** What its code for a payment that failed or came back means. */
  meaningOf: (code: string) => CodeMeaning
}>
