// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPermit2} from "../interfaces/IPermit2.sol";

/// @title What the two proxies of x402 over Permit2 have in common, for tests; the published interface, checks, errors and events.
abstract contract TestX402Proxy {
    error InvalidAmount();
    error InvalidOwner();
    error InvalidDestination();
    error PaymentTooEarly();

    event Settled();

    /// @dev Where Permit2 stands on every chain.
    IPermit2 public constant PERMIT2 = IPermit2(0x000000000022D473030F116dDEE9F6B43aC78BA3);

    string internal constant WITNESS_TYPE_HEAD = "Witness witness)TokenPermissions(address token,uint256 amount)";

    function _settle(
        IPermit2.PermitTransferFrom calldata permit,
        uint256 amount,
        address owner,
        address to,
        uint256 validAfter,
        bytes32 witness,
        string memory witnessType,
        bytes calldata signature
    ) internal {
        if (amount == 0) revert InvalidAmount();
        if (owner == address(0)) revert InvalidOwner();
        if (to == address(0)) revert InvalidDestination();
        if (block.timestamp < validAfter) revert PaymentTooEarly();
        IPermit2.SignatureTransferDetails memory details = IPermit2.SignatureTransferDetails(to, amount);
        string memory typeString = string.concat(WITNESS_TYPE_HEAD, witnessType);
        PERMIT2.permitWitnessTransferFrom(permit, details, owner, witness, typeString, signature);
        emit Settled();
    }
}

/// @title x402's proxy for exact amounts (`x402ExactPermit2Proxy`): anyone may send what a payer signed, to the address that it signed.
contract TestExactPermit2Proxy is TestX402Proxy {
    string private constant WITNESS_TYPE = "Witness(address to,uint256 validAfter)";

    struct Witness {
        address to;
        uint256 validAfter;
    }

    function settle(
        IPermit2.PermitTransferFrom calldata permit,
        address owner,
        Witness calldata witness,
        bytes calldata signature
    ) external {
        bytes32 hash = keccak256(abi.encode(keccak256(bytes(WITNESS_TYPE)), witness));
        _settle(permit, permit.permitted.amount, owner, witness.to, witness.validAfter, hash, WITNESS_TYPE, signature);
    }
}

/// @title x402's proxy for maxima (`x402UptoPermit2Proxy`): only the account that the payer named collects, and not more than the payer signed.
contract TestUptoPermit2Proxy is TestX402Proxy {
    error AmountExceedsPermitted();
    error UnauthorizedFacilitator();

    string private constant WITNESS_TYPE = "Witness(address to,address facilitator,uint256 validAfter)";

    struct Witness {
        address to;
        address facilitator;
        uint256 validAfter;
    }

    function settle(
        IPermit2.PermitTransferFrom calldata permit,
        uint256 amount,
        address owner,
        Witness calldata witness,
        bytes calldata signature
    ) external {
        if (amount > permit.permitted.amount) revert AmountExceedsPermitted();
        if (msg.sender != witness.facilitator) revert UnauthorizedFacilitator();
        bytes32 hash = keccak256(abi.encode(keccak256(bytes(WITNESS_TYPE)), witness));
        _settle(permit, amount, owner, witness.to, witness.validAfter, hash, WITNESS_TYPE, signature);
    }
}
