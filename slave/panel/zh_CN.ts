<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
<name>Sentence</name>
<message>
<source>ARMS, JOG</source>
<translation>机械臂与点动</translation>
</message>
<message>
<source>BRAKES OPEN: {arms}: {axes}</source>
<translation>制动器未闭合：{arms}：{axes}</translation>
</message>
<message>
<source>By hand now: {axes}; the others are braked</source>
<translation>现在可用手移动：{axes}；其余关节已制动</translation>
</message>
<message>
<source>By hand, after STOP + POWER OFF: {axes}; the others are braked</source>
<translation>停机断电后可用手移动：{axes}；其余关节已制动</translation>
</message>
<message>
<source>By hand: nothing; every axis of this robot has a brake</source>
<translation>不能用手移动：该机器人每个关节都有制动器</translation>
</message>
<message>
<source>Close this panel, and open it again with the next run.</source>
<translation>请关闭本面板，下次运行时再打开。</translation>
</message>
<message>
<source>FASTER</source>
<translation>加快</translation>
</message>
<message>
<source>FREEZE</source>
<translation>冻结</translation>
</message>
<message>
<source>GIVE CONTROL</source>
<translation>移交控制</translation>
</message>
<message>
<source>HOLD</source>
<translation>按住</translation>
</message>
<message>
<source>Hold to move: {what}</source>
<translation>按住移动：{what}</translation>
</message>
<message>
<source>I AM HERE</source>
<translation>我已到场</translation>
</message>
<message>
<source>Moving: {what}</source>
<translation>正在移动：{what}</translation>
</message>
<message>
<source>Nothing moves: the supervisor does not let it</source>
<translation>没有移动：监护进程不允许</translation>
</message>
<message>
<source>PLAY / PAUSE</source>
<translation>播放 / 暂停</translation>
</message>
<message>
<source>RELEASE</source>
<translation>解除冻结</translation>
</message>
<message>
<source>RESET</source>
<translation>复位</translation>
</message>
<message>
<source>RETRACT</source>
<translation>回撤</translation>
</message>
<message>
<source>RUN ENDED</source>
<translation>运行已结束</translation>
</message>
<message>
<source>SLOWER</source>
<translation>放慢</translation>
</message>
<message>
<source>STOP + POWER OFF is not confirmed: use the hard-wired stop</source>
<translation>停机断电未确认：请用硬线停机</translation>
</message>
<message>
<source>STOP + POWER OFF: the arms have no power</source>
<translation>停机断电：机械臂已断电</translation>
</message>
<message>
<source>STOP: FAILED</source>
<translation>停机：失败</translation>
</message>
<message>
<source>STOPPED: coming to rest</source>
<translation>停机：正在停下</translation>
</message>
<message>
<source>STOPPED: power off, {brakes}</source>
<translation>停机：已断电，{brakes}</translation>
</message>
<message>
<source>SURGEON, ALARMS</source>
<translation>主刀医生与报警</translation>
</message>
<message>
<source>SURGEON, ALARMS: {count}</source>
<translation>主刀医生与报警：{count}</translation>
</message>
<message>
<source>TAKE CONTROL</source>
<translation>接管控制</translation>
</message>
<message>
<source>TAKE CONTROL answers the call</source>
<translation>按“接管控制”应答呼叫</translation>
</message>
<message>
<source>a stored run: what is shown was so then</source>
<translation>存储的运行：所示为当时情况</translation>
</message>
<message>
<source>answers the call</source>
<translation>应答呼叫</translation>
</message>
<message>
<source>arms: {owner}</source>
<translation>机械臂归：{owner}</translation>
</message>
<message>
<source>arms: {owner}; surgeon: {who}</source>
<translation>机械臂归：{owner}；主刀医生：{who}</translation>
</message>
<message>
<source>asked ...</source>
<translation>已请求……</translation>
</message>
<message>
<source>brakes closed</source>
<translation>制动器已闭合</translation>
</message>
<message>
<source>brakes unknown</source>
<translation>制动器状态不明</translation>
</message>
<message>
<source>connecting</source>
<translation>正在连接</translation>
</message>
<message>
<source>controller dead: the arms hold, nothing can be moved</source>
<translation>控制进程失效：机械臂保持不动，无法移动</translation>
</message>
<message>
<source>cut for {time}</source>
<translation>已中断 {time}</translation>
</message>
<message>
<source>cut for {time}: the session is dead</source>
<translation>已中断 {time}：会话失效</translation>
</message>
<message>
<source>development host, not for hardware</source>
<translation>开发主机，不得用于实机</translation>
</message>
<message>
<source>development host, permit {lease} ms; limits unknown</source>
<translation>开发主机，许可 {lease} 毫秒；限值未知</translation>
</message>
<message>
<source>development host: permit {lease} ms, watchdog {watchdog} ms</source>
<translation>开发主机：许可 {lease} 毫秒，看门狗 {watchdog} 毫秒</translation>
</message>
<message>
<source>done, confirmed</source>
<translation>完成，已确认</translation>
</message>
<message>
<source>drives silent: nobody knows what the arms do</source>
<translation>驱动器无响应：机械臂状态不明</translation>
</message>
<message>
<source>ends a freeze; moves nothing</source>
<translation>结束冻结，不产生运动</translation>
</message>
<message>
<source>farhand: replay of {name}</source>
<translation>farhand：回放 {name}</translation>
</message>
<message>
<source>farhand: the local team's panel</source>
<translation>farhand：现场团队面板</translation>
</message>
<message>
<source>farhand: watching {where}</source>
<translation>farhand：观察 {where}</translation>
</message>
<message>
<source>follows</source>
<translation>跟随</translation>
</message>
<message>
<source>frozen: RELEASE first</source>
<translation>已冻结：请先解除冻结</translation>
</message>
<message>
<source>frozen: {why}</source>
<translation>已冻结：{why}</translation>
</message>
<message>
<source>gateway silent: the surgeon is cut off</source>
<translation>网关无响应：与主刀医生的连接中断</translation>
</message>
<message>
<source>goes to the drives themselves</source>
<translation>直接作用于驱动器</translation>
</message>
<message>
<source>hard-wired stop: PRESSED, or its wire is broken</source>
<translation>硬线停机：已按下或断线</translation>
</message>
<message>
<source>hard-wired stop: none (simulated)</source>
<translation>硬线停机：无（仿真）</translation>
</message>
<message>
<source>hard-wired stop: ready</source>
<translation>硬线停机：就绪</translation>
</message>
<message>
<source>hard-wired stop: unknown</source>
<translation>硬线停机：状态不明</translation>
</message>
<message>
<source>has said nothing yet</source>
<translation>尚无消息</translation>
</message>
<message>
<source>has seen no picture yet</source>
<translation>尚未看到画面</translation>
</message>
<message>
<source>heard, stopping ...</source>
<translation>已收到，正在停止……</translation>
</message>
<message>
<source>held for 10 s: press again</source>
<translation>已按住 10 秒：请重新按下</translation>
</message>
<message>
<source>hold: move back along the chosen axis</source>
<translation>按住：沿所选轴反向移动</translation>
</message>
<message>
<source>hold: move back along the shaft</source>
<translation>按住：沿器械杆回撤</translation>
</message>
<message>
<source>hold: move on along the chosen axis</source>
<translation>按住：沿所选轴正向移动</translation>
</message>
<message>
<source>last saw a picture {time} ago</source>
<translation>上次看到画面在 {time} 前</translation>
</message>
<message>
<source>let go of the jog first</source>
<translation>请先松开点动按钮</translation>
</message>
<message>
<source>link</source>
<translation>链路</translation>
</message>
<message>
<source>link: good for {time}</source>
<translation>链路：已良好 {time}</translation>
</message>
<message>
<source>link: good for {time} of {wanted}</source>
<translation>链路：已良好 {time}（需 {wanted}）</translation>
</message>
<message>
<source>link: not good</source>
<translation>链路：不良</translation>
</message>
<message>
<source>link: unknown</source>
<translation>链路：未知</translation>
</message>
<message>
<source>link: {why}</source>
<translation>链路：{why}</translation>
</message>
<message>
<source>no console is connected</source>
<translation>没有连接操作台</translation>
</message>
<message>
<source>no state for {time}</source>
<translation>{time} 没有状态消息</translation>
</message>
<message>
<source>no surgeon's console is connected</source>
<translation>没有连接主刀医生的操作台</translation>
</message>
<message>
<source>nobody is called</source>
<translation>没有呼叫</translation>
</message>
<message>
<source>nobody knows who has the arms</source>
<translation>不清楚机械臂归谁</translation>
</message>
<message>
<source>not confirmed in 100 ms</source>
<translation>100 毫秒内未确认</translation>
</message>
<message>
<source>not confirmed in 100 ms: use STOP + POWER OFF</source>
<translation>100 毫秒内未确认：请用停机断电</translation>
</message>
<message>
<source>not confirmed: use the hard-wired stop</source>
<translation>未确认：请用硬线停机</translation>
</message>
<message>
<source>not known</source>
<translation>不明</translation>
</message>
<message>
<source>nothing has come for {time}: is it running, and our key trusted there?</source>
<translation>{time} 没有收到消息：对方是否在运行，是否信任本机密钥？</translation>
</message>
<message>
<source>nothing is frozen</source>
<translation>没有冻结</translation>
</message>
<message>
<source>only one button at a time: press again</source>
<translation>一次只能按一个按钮：请重新按下</translation>
</message>
<message>
<source>out of reach</source>
<translation>超出可达范围</translation>
</message>
<message>
<source>paused: {why}</source>
<translation>已暂停：{why}</translation>
</message>
<message>
<source>plant dead: the drives have stopped the arms by themselves</source>
<translation>执行进程失效：驱动器已自行停住机械臂</translation>
</message>
<message>
<source>power and self-test</source>
<translation>上电并自检</translation>
</message>
<message>
<source>power off, {brakes}</source>
<translation>已断电，{brakes}</translation>
</message>
<message>
<source>power on, holding</source>
<translation>已上电，保持不动</translation>
</message>
<message>
<source>power on, parked: brakes closed</source>
<translation>已上电，驻停：制动器已闭合</translation>
</message>
<message>
<source>power on, the arms may move</source>
<translation>已上电，机械臂可能运动</translation>
</message>
<message>
<source>power: unknown, the drives are silent</source>
<translation>电源：不明，驱动器无响应</translation>
</message>
<message>
<source>press I AM HERE first</source>
<translation>请先按“我已到场”</translation>
</message>
<message>
<source>read only: nothing is pressed here</source>
<translation>只读：此处不能操作</translation>
</message>
<message>
<source>reads: {heading}. {advice}</source>
<translation>显示：{heading}。{advice}</translation>
</message>
<message>
<source>rests</source>
<translation>静止</translation>
</message>
<message>
<source>sees a picture {age} ms old</source>
<translation>看到 {age} 毫秒前的画面</translation>
</message>
<message>
<source>silent for {time}</source>
<translation>{time} 无响应</translation>
</message>
<message>
<source>stands still for {time}</source>
<translation>停滞 {time}</translation>
</message>
<message>
<source>stops the arms; they hold</source>
<translation>停住机械臂并保持</translation>
</message>
<message>
<source>supervisor silent: only STOP + POWER OFF is heard</source>
<translation>监护进程无响应：只有停机断电有效</translation>
</message>
<message>
<source>the arms are yours, at once</source>
<translation>机械臂立即归现场</translation>
</message>
<message>
<source>the arms have no power: RESET first</source>
<translation>机械臂未上电：请先复位</translation>
</message>
<message>
<source>the arms have power already</source>
<translation>机械臂已上电</translation>
</message>
<message>
<source>the console's key was revoked</source>
<translation>操作台的密钥已被撤销</translation>
</message>
<message>
<source>the controller is dead: nothing can be moved from here</source>
<translation>控制进程失效：此处无法移动机械臂</translation>
</message>
<message>
<source>the drives' watchdog stopped the arms</source>
<translation>驱动器看门狗已停住机械臂</translation>
</message>
<message>
<source>the finger left the button: press again</source>
<translation>手指离开了按钮：请重新按下</translation>
</message>
<message>
<source>the hard-wired stop is pressed: release it first</source>
<translation>硬线停机已按下：请先松开</translation>
</message>
<message>
<source>the patient's side has ended on this host</source>
<translation>本机的患者侧已结束运行</translation>
</message>
<message>
<source>the supervisor is silent and hears nothing</source>
<translation>监护进程无响应，收不到指令</translation>
</message>
<message>
<source>the surgeon goes on by a new press, or TAKE CONTROL</source>
<translation>主刀医生重新踩下踏板即可继续，或接管控制</translation>
</message>
<message>
<source>the surgeon has the arms</source>
<translation>机械臂归主刀医生</translation>
</message>
<message>
<source>the surgeon has the arms: TAKE CONTROL first</source>
<translation>机械臂归主刀医生：请先接管控制</translation>
</message>
<message>
<source>the surgeon may have the arms</source>
<translation>把机械臂交给主刀医生</translation>
</message>
<message>
<source>the surgeon's console is silent</source>
<translation>主刀医生的操作台无响应</translation>
</message>
<message>
<source>the surgeon's link: {why}</source>
<translation>主刀医生的链路：{why}</translation>
</message>
<message>
<source>the touch was taken away: press again</source>
<translation>触摸被系统取消：请重新按下</translation>
</message>
<message>
<source>the window lost the focus: press again</source>
<translation>窗口失去焦点：请重新按下</translation>
</message>
<message>
<source>the window was hidden: press again</source>
<translation>窗口被隐藏：请重新按下</translation>
</message>
<message>
<source>this panel was held up: press again</source>
<translation>面板曾停顿：请重新按下</translation>
</message>
<message>
<source>this robot has no brakes</source>
<translation>此机器人无制动器</translation>
</message>
<message>
<source>time of the run</source>
<translation>回放时间</translation>
</message>
<message>
<source>without brakes, may sag: {axes}</source>
<translation>无制动器，可能下垂：{axes}</translation>
</message>
<message>
<source>you are called: {why}</source>
<translation>正在呼叫您：{why}</translation>
</message>
<message>
<source>{arm}, {axis}</source>
<translation>{arm}，{axis}</translation>
</message>
<message>
<source>{arm}: nothing is told of its tip</source>
<translation>{arm}：末端位置不明</translation>
</message>
<message>
<source>{arm}: {x}, {y}, {z} mm; lag {lag} mm; {how}</source>
<translation>{arm}：{x}，{y}，{z} mm；滞后 {lag} mm；{how}</translation>
</message>
<message>
<source>{at} of {whole} s, {speed} x</source>
<translation>{at} / {whole} 秒，{speed} 倍速</translation>
</message>
<message>
<source>{name}, {more}</source>
<translation>{name}、{more}</translation>
</message>
<message>
<source>{name}: {value}</source>
<translation>{name}：{value}</translation>
</message>
<message>
<source>{part}: nothing yet</source>
<translation>{part}：尚无</translation>
</message>
<message>
<source>{part}: {time}</source>
<translation>{part}：{time}</translation>
</message>
<message>
<source>{part}: {why}</source>
<translation>{part}：{why}</translation>
</message>
<message>
<source>{what}: FAILED</source>
<translation>{what}：失败</translation>
</message>
<message>
<source>{what}: not confirmed within 100 ms</source>
<translation>{what}：100 毫秒内未确认</translation>
</message>
</context>
</TS>
