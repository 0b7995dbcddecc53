"""Averages that leave out what is not known."""

from odoo.tools import SQL


def average_of_known(model, name, query):
    """SQL of the average of a stored number in which 0 stands for "not known".

    :param model: the model that is read
    :param name: its field
    :param query: the query that is being built
    """
    return SQL("AVG(NULLIF(%s, 0))", model._field_to_sql(model._table, name, query))
