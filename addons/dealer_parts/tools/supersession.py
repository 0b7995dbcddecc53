"""Graphs of parts that replace each other: pure functions on pairs of ids."""

from collections import defaultdict


def find_cycle(replaced, same):
    """Find parts that would replace themselves in the end (domain-cn §5: loops are forbidden).

    :param replaced: pairs ``(old, new)``: the new part takes the place of the old one
    :param same: pairs of interchangeable parts, which count as one
    :return: the parts on a loop, in order; an empty list when there is none

    >>> find_cycle([("A", "B"), ("B", "C"), ("C", "A")], [])
    ['A', 'B', 'C', 'A']
    """
    root = _get_roots(same)
    followers = defaultdict(list)
    for old, new in replaced:
        followers[root(old)].append((old, new))
    state, path = {}, []

    def walk(node):
        # a stack of our own: a chain may be longer than Python's
        stack = [(node, iter(followers[node]))]
        state[node] = "open"
        while stack:
            current, arrows = stack[-1]
            for old, new in arrows:
                target = root(new)
                path.append(old)
                if state.get(target) == "open":
                    loop = [node for node, _arrows in stack].index(target)
                    return [*path[loop:], new]
                if target not in state:
                    state[target] = "open"
                    stack.append((target, iter(followers[target])))
                    break
                path.pop()
            else:
                state[current] = "closed"
                stack.pop()
                if path:
                    path.pop()
        return []

    for node in list(followers):
        if node not in state:
            loop = walk(node)
            if loop:
                return loop
    return []


def get_levels(replaced, same):
    """How many generations stand before each part: zero for the oldest ones.

    :return: dict part → level; interchangeable parts have the same
    """
    root = _get_roots(same)
    parents = defaultdict(set)
    for old, new in replaced:
        parents[root(new)].add(root(old))
    levels = {}

    def level(node):
        todo = [node]
        while todo:
            current = todo[-1]
            missing = [parent for parent in parents[current] if parent not in levels]
            if missing:
                todo += missing
                continue
            todo.pop()
            levels[current] = max((levels[p] + 1 for p in parents[current]), default=0)
        return levels[node]

    nodes = {node for pair in [*replaced, *same] for node in pair}
    return {node: level(root(node)) for node in nodes}


def _get_roots(same):
    """Function that gives the representative of each part among its interchangeable ones."""
    parent = {}

    def root(node):
        while parent.get(node, node) != node:
            node = parent[node]
        return node

    for one, other in same:
        parent[root(one)] = root(other)
    return root
