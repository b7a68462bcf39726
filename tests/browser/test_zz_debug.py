from portal.people.models import Product
from tests.insights.explore.usage import store_usage
from tests.browser.test_zz_look import url
def test_dbg(browse, cast):
    cast("product_manager"); store_usage(Product.objects.get(), people=40)
    page = browse("product_manager", url({"kind":"trend","series":[{"event":"report opened","measure":"persons"}],"interval":"day","date_from":"-30d","products":["planner"]}))
    page.wait_for_timeout(800)
    print(page.evaluate("JSON.stringify(document.querySelector('[data-plot]')._fullLayout.annotations.map(a=>({v:a.visible,t:a.text,x:a.x,y:a.y,xr:a.xref,c:a.font})))"))
    print(page.evaluate("document.querySelector('[data-plot] .infolayer').outerHTML.slice(0,3000)"))
    print(page.evaluate("JSON.stringify(document.querySelector('[data-plot]')._fullLayout.margin)"), page.evaluate("document.querySelector('[data-plot]').clientWidth"))
    print(page.faults)
