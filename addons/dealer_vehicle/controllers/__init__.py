from . import contract, portal, portal_timeline
