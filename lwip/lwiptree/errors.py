# SPDX-License-Identifier: BSD-3-Clause
"""The one exception a user of tools/lwip-tree ever sees."""


class TreeError(Exception):
    """Something the user can act on: the message is printed without a traceback."""
