"""The chart library as it is served."""

from insights.explore.staticfiles import NAME, PlotlyFinder, plotly_folder


def test_chart_library_comes_out_of_its_package_with_a_word_to_the_browser_before_it():
    ((name, storage),) = PlotlyFinder().list([])
    with storage.open(name) as file:
        first, whole = file.readline(), file.read()
    assert first == b"//# allFunctionsCalledOnLoad\n"
    assert whole == (plotly_folder() / NAME).read_bytes()
