// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IReceiveWithAuthorization} from "./interfaces/IReceiveWithAuthorization.sol";
import {ISettlementHub} from "./interfaces/ISettlementHub.sol";
import {SplitReceiver} from "./SplitReceiver.sol";

/// @title The hub of this chain; what it does for a caller is said at its interface.
/// @dev Invariant, per token: the hub's balance is at least the sum over all splits of `received - paidOut`. What comes in is measured as
/// the growth of the balance during one token call, which is true only while no other call of this contract can run inside it: hence the
/// guard on every function that moves money.
contract SettlementHub is ISettlementHub, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @dev One storage slot. `paidOut <= received` always.
    struct Pot {
        uint128 received;
        uint128 paidOut;
    }

    /// @dev The init code of every receiver is the same, so its hash is computed once.
    bytes32 private immutable RECEIVER_INIT_CODE_HASH = keccak256(type(SplitReceiver).creationCode);

    /// @inheritdoc ISettlementHub
    mapping(bytes32 splitId => mapping(address token => Pot)) public pot;

    /// @inheritdoc ISettlementHub
    mapping(bytes32 splitId => mapping(address token => mapping(address account => uint256))) public paid;

    /// @inheritdoc ISettlementHub
    function pay(address token, Auth calldata auth) external nonReentrant {
        uint256 before = IERC20(token).balanceOf(address(this));
        IReceiveWithAuthorization(token).receiveWithAuthorization(
            auth.from,
            address(this),
            auth.value,
            auth.validAfter,
            auth.validBefore,
            keccak256(abi.encode(auth.splitId, auth.ref)),
            auth.signature
        );
        uint256 arrived = _credit(auth.splitId, token, before, auth.value);
        emit Paid(auth.splitId, auth.ref, auth.from, token, arrived);
    }

    /// @inheritdoc ISettlementHub
    function fund(bytes32 splitId, bytes32 ref, address token, uint256 value) external nonReentrant {
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), value);
        uint256 arrived = _credit(splitId, token, before, value);
        emit Paid(splitId, ref, msg.sender, token, arrived);
    }

    /// @inheritdoc ISettlementHub
    function receiverOf(bytes32 splitId) public view returns (address) {
        return Create2.computeAddress(splitId, RECEIVER_INIT_CODE_HASH);
    }

    /// @inheritdoc ISettlementHub
    function sweep(bytes32 splitId, address token) external nonReentrant returns (uint256 value) {
        address receiver = receiverOf(splitId);
        uint256 held = IERC20(token).balanceOf(receiver);
        if (held == 0) return 0;
        if (receiver.code.length == 0) new SplitReceiver{salt: splitId}();

        uint256 before = IERC20(token).balanceOf(address(this));
        SplitReceiver(receiver).release(token, held);
        value = _credit(splitId, token, before, held);
        emit Swept(splitId, token, value);
    }

    /// @inheritdoc ISettlementHub
    function claim(Share calldata share, address token) external nonReentrant returns (uint256 due) {
        bytes32 splitId = _verify(share);
        Pot storage own = pot[splitId][token];
        uint256 received = own.received;
        uint256 paidOut = own.paidOut;
        uint256 before = paid[splitId][token][share.account];

        // Cannot overflow: received < 2^128 and shares <= totalShares < 2^128. The floor is monotone in `received`, and grows beyond
        // `before` or stays: it can fall behind only when one account stands in the table twice, and then nothing is due.
        uint256 entitlement = (received * share.shares) / share.totalShares;
        if (entitlement <= before) return 0;
        due = entitlement - before;
        if (due > received - paidOut) revert SplitInsolvent(splitId, token, due, received - paidOut);

        // Fits: paidOut + due <= received, which has 128 bits.
        own.paidOut = uint128(paidOut + due);
        paid[splitId][token][share.account] = entitlement;
        emit Claimed(splitId, share.account, token, due);
        IERC20(token).safeTransfer(share.account, due);
    }

    /// @dev Adds what arrived since the balance was `before` to a split's pot.
    function _credit(bytes32 splitId, address token, uint256 before, uint256 expected) private returns (uint256 arrived) {
        uint256 current = IERC20(token).balanceOf(address(this));
        if (current <= before) revert NothingArrived(splitId, token, expected);
        arrived = current - before;

        Pot storage own = pot[splitId][token];
        uint256 received = own.received;
        if (arrived > type(uint128).max - received) revert PotOverflow(splitId, token, received, arrived);
        own.received = uint128(received + arrived);
    }

    /// @dev The id of the split to which this share belongs, by proof.
    function _verify(Share calldata share) private pure returns (bytes32 splitId) {
        if (share.shares == 0 || share.shares > share.totalShares || share.totalShares > type(uint128).max) {
            revert InvalidShare(share.shares, share.totalShares);
        }
        // Hashed twice, so that no inner node (one hash of 64 bytes) can pass for a leaf.
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(share.account, share.shares))));
        if (!MerkleProof.verifyCalldata(share.proof, share.root, leaf)) {
            revert InvalidProof(share.root, share.account, share.shares);
        }
        return keccak256(abi.encode(share.root, share.totalShares, share.metadataHash));
    }
}
