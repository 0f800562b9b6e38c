// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHubClaims} from "../interfaces/IHubClaims.sol";
import {ISettlementHub} from "../interfaces/ISettlementHub.sol";
import {TestUSDC} from "../mocks/TestUSDC.sol";
import {Tree} from "./Tree.sol";
import {deployed} from "./Vm.sol";

/// @title What the invariant runner may do: fund, transfer to a receiver, sweep, claim and give away, over an honest and a lying split.
contract HubHandler {
    ISettlementHub public immutable HUB = ISettlementHub(deployed("SettlementHub.sol:SettlementHub"));
    TestUSDC public immutable USDC = TestUSDC(deployed("TestUSDC.sol:TestUSDC"));
    bytes32[2] public ids;
    uint256[2] public funded;
    uint256 public donated;

    mapping(uint256 split => IHubClaims.Share[]) private _rows;

    constructor() {
        USDC.mint(address(this), type(uint128).max);
        USDC.approve(address(HUB), type(uint256).max);
        IHubClaims.Share[] memory honest =
            Tree.four([address(0xA1), address(0xA2), address(0xA3), address(0xA4)], [uint256(1), 7, 300, 9692]);
        IHubClaims.Share[] memory lying = Tree.two([address(0xB1), address(0xB2)], [uint256(90), 40], 100);
        for (uint256 i = 0; i < 4; i++) _rows[0].push(honest[i]);
        for (uint256 i = 0; i < 2; i++) _rows[1].push(lying[i]);
        ids = [Tree.idOf(honest[0]), Tree.idOf(lying[0])];
    }

    function row(uint256 split, uint256 index) public view returns (IHubClaims.Share memory) {
        return _rows[split][index];
    }

    function rowCount(uint256 split) external view returns (uint256) {
        return _rows[split].length;
    }

    function fund(uint8 split, uint64 value) external {
        uint256 units = uint256(value) % 1e12 + 1;
        HUB.fund(ids[split % 2], bytes32(0), address(USDC), units);
        funded[split % 2] += units;
    }

    function transferToReceiver(uint8 split, uint32 value) external {
        USDC.transfer(HUB.receiverOf(ids[split % 2]), value);
    }

    function sweep(uint8 split) external {
        funded[split % 2] += HUB.sweep(ids[split % 2], address(USDC));
    }

    /// @dev The lying split's claim may revert, for lack of its own money and for no other reason.
    function claim(uint8 split, uint8 index) external {
        IHubClaims.Share[] storage rows = _rows[split % 2];
        try HUB.claim(rows[index % rows.length], address(USDC)) {}
        catch (bytes memory reason) {
            require(split % 2 == 1 && bytes4(reason) == IHubClaims.SplitInsolvent.selector, "an honest claim failed");
        }
    }

    function give(uint16 value) external {
        USDC.transfer(address(HUB), value);
        donated += value;
    }
}
