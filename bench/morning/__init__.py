"""A working morning of a centre: agents who fill questionnaires, counsellors who write notes, HR officers who follow.

`world` writes them, `service` starts the product as it is deployed, `people` says what each of them does (for locust).
`bench/load.py` lets them work for ten minutes; `bench/faults.py` breaks things while they do.
"""
