/**
 * What the pages of a payment and of a receipt say, in one language. In braces stands what is filled in: an amount, who sells, a wallet's name, a time. Each
 * sentence is whole, because languages order their words in ways of their own.
 */
export type Words = Readonly<{
  /** `html lang`, and the direction of reading. */
  lang: string
  dir: 'ltr' | 'rtl'
  title: string
  order: string
  waiting: string
  detected: string
  unknown: string
  paid: string
  partial: string
  late: string
  over: string
  expired: string
  canceled: string
  /** What a person does who is owed something. */
  ask: string
  receipt: string
  back: string
  waysToPay: string
  cheapest: string
  bank: string
  scanInvoice: string
  scanBank: string
  openWallet: string
  payWith: string
  onChain: string
  noWallet: string
  inWindow: string
  copy: string
  copied: string
  invoice: string
  to: string
  iban: string
  reference: string
  details: string
  price: string
  fee: string
  payable: string
  number: string
  timeLeft: string
  minutesLeft: string
  minuteLeft: string
  timeOver: string
  sent: string
  notPaid: string
  walletSilent: string
  noScript: string
  /** Of an address that has a price. */
  payHere: string
  needsScript: string
  programs: string
  save: string
  askAgain: string
  errorAnswer: string
  /** Of a receipt. */
  receiptTitle: string
  soldFor: string
  paidBy: string
  rate: string
  shares: string
  issued: string
  stateHeld: string
  stateSettled: string
  stateGivenBackInPart: string
  stateFailed: string
  stateRefundDue: string
  stateRefunded: string
  checking: string
  holds: string
  broken: string
  cannotCheck: string
  howToCheck: string
  print: string
  /** Of a payment link. */
  linkClosed: string
  linkUsedUp: string
  linkHeld: string
  linkBusy: string
  linkBetween: string
  linkGoOn: string
}>
