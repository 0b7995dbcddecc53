from . import contract, portal
