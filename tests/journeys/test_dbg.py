from tests.journeys.test_every_page import *
from axe_playwright_python.sync_playwright import Axe
from pathlib import Path
def test_neg(seen):
    page=seen("office"); page.goto("/plans")
    r=Axe().run(page, options={"resultTypes":["violations","passes"]}).response
    print(len(r["passes"]), sum(len(p["nodes"]) for p in r["passes"]))
    page.evaluate("document.querySelector('h1').style.color='#ddd'")
    print(len(problems(page,"x")), len(colours(page,"d")))
    page.evaluate("document.body.insertAdjacentHTML('beforeend','<p style=\"color:red\">x</p><div class=w>x</div>')")
    page.evaluate("document.querySelector('h1').style.width='3000px'")
    print(sideways(page, PHONE))
def test_pic(seen):
    for name,path,size in [("office","/board",WIDE),("office","/tasks/27",WIDE),("office","/",WIDE),("member","/",PHONE),("office","/board",PHONE),("leader","/",WIDE)]:
        page=seen(name); page.set_viewport_size(size); page.goto(path)
        p=f"/work/scratch/journeys/pic-{name}-{path.replace('/','_')}-{size['width']}.png"
        page.screenshot(path=p); print(p, Path(p).stat().st_size)
