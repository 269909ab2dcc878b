def test_it_starts(database) -> None:
    print(database.url)
    assert database.rows("select 1") == [(1,)]
