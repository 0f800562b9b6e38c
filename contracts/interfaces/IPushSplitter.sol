// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHubPayments} from "./IHubPayments.sol";

/// @title Divides one payment among up to four payees in the same transaction, for payees who want their money at once.
/// @notice The table travels with the payment; its hash stands where the hub has a split's id: `tableId = keccak256(abi.encode(payees))`. Payee
/// i gets `floor(value * C(i) / total) - floor(value * C(i-1) / total)`, where C(i) sums the shares up to and with i: the parts sum to the value
/// exactly. A payee whom the token refuses is credited and blocks nobody. There is no owner, no upgrade and no pause.
interface IPushSplitter {
    struct Payee {
        address account;
        uint128 shares;
    }

    /// @notice `value` units arrived for a table and were divided.
    event Pushed(bytes32 indexed tableId, bytes32 indexed ref, address indexed from, address token, uint256 value);

    /// @notice The token did not take a payee's part; it waits here for the payee.
    event Credited(bytes32 indexed tableId, address indexed account, address indexed token, uint256 value);

    /// @notice A payee took its credit.
    event Collected(address indexed account, address indexed token, address to, uint256 value);

    /// @notice A table has one to four payees and at least one share.
    error InvalidTable(uint256 payees, uint256 totalShares);

    /// @notice The authorization is for another table.
    error OtherTable(bytes32 signed, bytes32 given);

    /// @notice Nothing arrived: the token call succeeded and moved nothing.
    error NothingPushed(bytes32 tableId, address token, uint256 expected);

    /// @notice The token says that a part was refused, and yet the part is gone.
    error CreditNotCovered(bytes32 tableId, address token, uint256 credited, uint256 left);

    /// @notice Too little gas was sent for every payee to be paid: without this, whoever submits could turn a payment into a credit.
    error GasTooLow(uint256 left, uint256 needed);
    error NothingToCollect(address account, address token);

    /// @notice Takes a signed payment (EIP-3009, `to` is this contract, nonce `keccak256(abi.encode(auth.splitId, auth.ref))`, `auth.splitId` the
    /// table's id) and divides it. Anyone may submit it.
    function pay(address token, IHubPayments.Auth calldata auth, Payee[] calldata payees) external;

    /// @notice Takes `value` of the caller's tokens, which it has approved, and divides it.
    function push(address token, bytes32 ref, uint256 value, Payee[] calldata payees) external;

    /// @notice Sends the caller's whole credit to an address of its choice.
    function collect(address token, address to) external returns (uint256 value);

    /// @notice What waits for an account that could not be paid, in units of a token.
    function credit(address account, address token) external view returns (uint256);
}
