// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {TestUSDC} from "./TestUSDC.sol";

/// @title A token of the old kind: its functions answer nothing.
contract SilentToken {
    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    function mint(address to, uint256 value) external {
        balanceOf[to] += value;
    }

    function approve(address spender, uint256 value) external {
        allowance[msg.sender][spender] = value;
    }

    function transfer(address to, uint256 value) external {
        balanceOf[msg.sender] -= value;
        balanceOf[to] += value;
    }

    function transferFrom(address from, address to, uint256 value) external {
        allowance[from][msg.sender] -= value;
        balanceOf[from] -= value;
        balanceOf[to] += value;
    }
}

/// @title A token that answers false instead of reverting, to one account; told to lie, it moves the money all the same.
contract FalseToken is ERC20("False", "NO") {
    address public refused;
    bool public lies;

    function mint(address to, uint256 value) external {
        _mint(to, value);
    }

    function refuse(address account, bool lie) external {
        (refused, lies) = (account, lie);
    }

    function transfer(address to, uint256 value) public override returns (bool) {
        if (to != refused) return super.transfer(to, value);
        if (lies) super.transfer(to, value);
        return false;
    }
}

/// @title A token that reverts when nothing is moved.
contract ZeroRefusingToken is ERC20("Zero", "NIL") {
    error NothingToMove();

    function mint(address to, uint256 value) external {
        _mint(to, value);
    }

    function _update(address from, address to, uint256 value) internal override {
        if (value == 0) revert NothingToMove();
        super._update(from, to, value);
    }
}

/// @title The test token with USDC's pause. Apart from it, so that the token of the gas table moves in as many slots as that of its targets.
contract PausableUSDC is TestUSDC {
    bool public paused;

    event Pause();
    event Unpause();

    function pause() external {
        paused = true;
        emit Pause();
    }

    function unpause() external {
        paused = false;
        emit Unpause();
    }

    function _transfer(address from, address to, uint256 value) internal override {
        require(!paused, "Pausable: paused");
        super._transfer(from, to, value);
    }

    function _approve(address owner, address spender, uint256 value) internal override {
        require(!paused, "Pausable: paused");
        super._approve(owner, spender, value);
    }
}
