<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
<name>Sentence</name>
<message>
<source>1  Patient's side</source>
<translation>1  患者端</translation>
</message>
<message>
<source>2  Your hands</source>
<translation>2  操作手柄</translation>
</message>
<message>
<source>3  The link</source>
<translation>3  链路</translation>
</message>
<message>
<source>BOTH</source>
<translation>双手</translation>
</message>
<message>
<source>CALLING</source>
<translation>正在呼叫</translation>
</message>
<message>
<source>CHECK AGAIN</source>
<translation>请重新检测</translation>
</message>
<message>
<source>CHECK THE LINK</source>
<translation>检测链路</translation>
</message>
<message>
<source>CHECKING</source>
<translation>检测中</translation>
</message>
<message>
<source>CHOOSE</source>
<translation>选择</translation>
</message>
<message>
<source>Check the link and your hands, then press REQUEST CONTROL.</source>
<translation>先检测链路和手柄，再按“请求控制”。</translation>
</message>
<message>
<source>Choose the patient's side below.</source>
<translation>请在下方选择患者端。</translation>
</message>
<message>
<source>END SESSION</source>
<translation>结束会话</translation>
</message>
<message>
<source>ENGAGED</source>
<translation>已接合</translation>
</message>
<message>
<source>FROZEN: {why}</source>
<translation>已冻结：{why}</translation>
</message>
<message>
<source>GO</source>
<translation>可以进行</translation>
</message>
<message>
<source>GO ON</source>
<translation>继续</translation>
</message>
<message>
<source>GO SLOWLY</source>
<translation>可慢速进行</translation>
</message>
<message>
<source>Keyboard and mouse: for trying and simulation only</source>
<translation>键盘和鼠标：仅供试用和仿真</translation>
</message>
<message>
<source>L</source>
<translation>左</translation>
</message>
<message>
<source>LEFT</source>
<translation>左</translation>
</message>
<message>
<source>Lift the pedal and wait a moment.</source>
<translation>请抬起踏板，稍候。</translation>
</message>
<message>
<source>NO PATIENT</source>
<translation>未选患者端</translation>
</message>
<message>
<source>NO-GO</source>
<translation>不可进行</translation>
</message>
<message>
<source>NOT CHECKED</source>
<translation>未检测</translation>
</message>
<message>
<source>NOT CONNECTED</source>
<translation>未连接</translation>
</message>
<message>
<source>NOT KNOWN</source>
<translation>无法判断</translation>
</message>
<message>
<source>No patient's side is known here: type its address below.</source>
<translation>本机没有已知的患者端：请在下方输入地址。</translation>
</message>
<message>
<source>PEDAL</source>
<translation>踏板</translation>
</message>
<message>
<source>PILOT LOST</source>
<translation>操纵进程丢失</translation>
</message>
<message>
<source>PILOT SILENT</source>
<translation>操纵进程无响应</translation>
</message>
<message>
<source>Press GO ON to end the rest.</source>
<translation>按“继续”结束休息。</translation>
</message>
<message>
<source>R</source>
<translation>右</translation>
</message>
<message>
<source>REQUEST CONTROL</source>
<translation>请求控制</translation>
</message>
<message>
<source>REST</source>
<translation>休息</translation>
</message>
<message>
<source>RIGHT</source>
<translation>右</translation>
</message>
<message>
<source>SESSION LOST</source>
<translation>会话已丢失</translation>
</message>
<message>
<source>START THE PILOT AGAIN</source>
<translation>重新启动操纵进程</translation>
</message>
<message>
<source>STOP</source>
<translation>停止</translation>
</message>
<message>
<source>Space: pedal · W A S D, R F: move · Q E: turn · J: close. Mouse over the arms: left button pedal, right button close, wheel up and down</source>
<translation>空格：踏板 · W A S D、R F：移动 · Q E：旋转 · J：闭合。鼠标在机械臂画面上：左键踏板，右键闭合，滚轮上下</translation>
</message>
<message>
<source>UDP port</source>
<translation>UDP 端口</translation>
</message>
<message>
<source>USE</source>
<translation>使用</translation>
</message>
<message>
<source>WAIT</source>
<translation>请稍候</translation>
</message>
<message>
<source>Wait, or press END SESSION.</source>
<translation>请等待，或按“结束会话”。</translation>
</message>
<message>
<source>Your hands move nothing; the arms stop by themselves. Press START THE PILOT AGAIN.</source>
<translation>您的手不再带动机械臂；机械臂会自行停止。请按“重新启动操纵进程”。</translation>
</message>
<message>
<source>a SpaceMouse</source>
<translation>三维鼠标</translation>
</message>
<message>
<source>a console (ITP packets)</source>
<translation>主控台（ITP 数据包）</translation>
</message>
<message>
<source>a game pad or pedal</source>
<translation>游戏手柄或脚踏板</translation>
</message>
<message>
<source>a mouse (for trying)</source>
<translation>鼠标（试用）</translation>
</message>
<message>
<source>address of another patient's side</source>
<translation>其他患者端的地址</translation>
</message>
<message>
<source>an arm lags by more than {way} mm: move slower</source>
<translation>机械臂滞后超过 {way} mm：请放慢</translation>
</message>
<message>
<source>another: HOST:PORT</source>
<translation>其他：主机:端口</translation>
</message>
<message>
<source>at a joint's limit</source>
<translation>到达关节限位</translation>
</message>
<message>
<source>authority epoch</source>
<translation>控制权序号</translation>
</message>
<message>
<source>checked some time ago</source>
<translation>检测已有一段时间</translation>
</message>
<message>
<source>checked {minutes} min ago</source>
<translation>{minutes} 分钟前检测</translation>
</message>
<message>
<source>choose a patient's side first</source>
<translation>请先选择患者端</translation>
</message>
<message>
<source>choose the typed address</source>
<translation>选择输入的地址</translation>
</message>
<message>
<source>commands</source>
<translation>指令</translation>
</message>
<message>
<source>device in the surgeon's hands</source>
<translation>医生手中的设备</translation>
</message>
<message>
<source>drawn flat: 3-D takes too long on this computer</source>
<translation>平面显示：本机绘制三维图像过慢</translation>
</message>
<message>
<source>drawn flat: {why}</source>
<translation>平面显示：{why}</translation>
</message>
<message>
<source>end the session first</source>
<translation>请先结束会话</translation>
</message>
<message>
<source>engages ...</source>
<translation>正在接合……</translation>
</message>
<message>
<source>farhand: the surgeon's console</source>
<translation>farhand：医生主控台</translation>
</message>
<message>
<source>file, port or path of the device</source>
<translation>设备的文件、端口或路径</translation>
</message>
<message>
<source>freezes, calls the staff</source>
<translation>冻结并呼叫现场人员</translation>
</message>
<message>
<source>from above</source>
<translation>俯视</translation>
</message>
<message>
<source>from the front</source>
<translation>正视</translation>
</message>
<message>
<source>from the next press</source>
<translation>下次踩踏起生效</translation>
</message>
<message>
<source>full: where the arm is · hollow: where your hand leads it</source>
<translation>实心：机械臂所在 · 空心：您的手将带它到的位置</translation>
</message>
<message>
<source>good for {procedure}: no limit was crossed</source>
<translation>适合{procedure}：未超过任何限值</translation>
</message>
<message>
<source>heard</source>
<translation>已收到</translation>
</message>
<message>
<source>invented hands (for trying)</source>
<translation>虚拟手（试用）</translation>
</message>
<message>
<source>it runs</source>
<translation>正在进行</translation>
</message>
<message>
<source>it was asked for</source>
<translation>已请求</translation>
</message>
<message>
<source>keyboard, mouse (for trying)</source>
<translation>键盘和鼠标（试用）</translation>
</message>
<message>
<source>known patient's sides</source>
<translation>已知的患者端</translation>
</message>
<message>
<source>lags {way} mm</source>
<translation>滞后 {way} mm</translation>
</message>
<message>
<source>larger motion</source>
<translation>增大运动比例</translation>
</message>
<message>
<source>lift the pedal first</source>
<translation>请先抬起踏板</translation>
</message>
<message>
<source>longest silence</source>
<translation>最长静默</translation>
</message>
<message>
<source>loop age, 99.9 %</source>
<translation>环路时延，99.9 %</translation>
</message>
<message>
<source>loop age, median</source>
<translation>环路时延，中位数</translation>
</message>
<message>
<source>motion scale</source>
<translation>运动比例</translation>
</message>
<message>
<source>near a singular pose</source>
<translation>接近奇异位形</translation>
</message>
<message>
<source>no camera connected</source>
<translation>未连接摄像头</translation>
</message>
<message>
<source>no hand</source>
<translation>无手柄</translation>
</message>
<message>
<source>no lanes</source>
<translation>无通道</translation>
</message>
<message>
<source>no patient's side is chosen</source>
<translation>尚未选择患者端</translation>
</message>
<message>
<source>no pilot, no device</source>
<translation>没有操纵进程，没有设备</translation>
</message>
<message>
<source>no session</source>
<translation>无会话</translation>
</message>
<message>
<source>not engaged</source>
<translation>未接合</translation>
</message>
<message>
<source>not heard: call the staff</source>
<translation>对方未收到：请呼叫现场人员</translation>
</message>
<message>
<source>nothing at all</source>
<translation>无设备</translation>
</message>
<message>
<source>nothing is asked of {side}</source>
<translation>尚未向 {side} 请求</translation>
</message>
<message>
<source>nothing is heard of the patient's side</source>
<translation>收不到患者端的任何消息</translation>
</message>
<message>
<source>now: rest</source>
<translation>现在：休息</translation>
</message>
<message>
<source>of {side}</source>
<translation>向 {side}</translation>
</message>
<message>
<source>of {side}: {why}</source>
<translation>向 {side}：{why}</translation>
</message>
<message>
<source>on its way ...</source>
<translation>正在发送……</translation>
</message>
<message>
<source>opening the device ...</source>
<translation>正在打开设备……</translation>
</message>
<message>
<source>out of reach</source>
<translation>超出可达范围</translation>
</message>
<message>
<source>owner</source>
<translation>控制方</translation>
</message>
<message>
<source>path under /dev/input</source>
<translation>/dev/input 下的路径</translation>
</message>
<message>
<source>patient's side</source>
<translation>患者端</translation>
</message>
<message>
<source>paused by a short silence of the link</source>
<translation>链路短暂静默，已暂停</translation>
</message>
<message>
<source>pedal, while held down</source>
<translation>按住即为踏板</translation>
</message>
<message>
<source>pictures</source>
<translation>画面</translation>
</message>
<message>
<source>pilot lost: {why}</source>
<translation>操纵进程丢失：{why}</translation>
</message>
<message>
<source>procedure</source>
<translation>术式</translation>
</message>
<message>
<source>recorded hands</source>
<translation>医生手部运动的录制</translation>
</message>
<message>
<source>rests</source>
<translation>静止</translation>
</message>
<message>
<source>robot</source>
<translation>机器人</translation>
</message>
<message>
<source>smaller motion</source>
<translation>减小运动比例</translation>
</message>
<message>
<source>speed cap</source>
<translation>速度上限</translation>
</message>
<message>
<source>the arms</source>
<translation>机械臂</translation>
</message>
<message>
<source>the check of the link is old</source>
<translation>链路检测已过时</translation>
</message>
<message>
<source>the check of the link says no-go</source>
<translation>链路检测结果：不可进行</translation>
</message>
<message>
<source>the keyboard moves: {hands}</source>
<translation>键盘操作：{hands}</translation>
</message>
<message>
<source>the largest</source>
<translation>已是最大</translation>
</message>
<message>
<source>the link is being checked; nothing moves</source>
<translation>正在检测链路；机械臂不动</translation>
</message>
<message>
<source>the link was not checked yet</source>
<translation>链路尚未检测</translation>
</message>
<message>
<source>the local team is called</source>
<translation>正在呼叫现场人员</translation>
</message>
<message>
<source>the pilot does not run</source>
<translation>操纵进程未运行</translation>
</message>
<message>
<source>the pilot is being started, or is held up: your hands move nothing</source>
<translation>操纵进程正在启动或被阻塞：您的手不带动任何东西</translation>
</message>
<message>
<source>the pilot is held up: your hands move nothing</source>
<translation>操纵进程受阻：您的手不带动任何东西</translation>
</message>
<message>
<source>the pilot is silent: your hands move nothing</source>
<translation>操纵进程无响应：您的手不带动任何东西</translation>
</message>
<message>
<source>the recording's file</source>
<translation>录制文件</translation>
</message>
<message>
<source>the robot {name} is not known here: its arms cannot be drawn</source>
<translation>本机不认识机器人 {name}：无法绘制其机械臂</translation>
</message>
<message>
<source>the session was lost: {why}</source>
<translation>会话已丢失：{why}</translation>
</message>
<message>
<source>the smallest</source>
<translation>已是最小</translation>
</message>
<message>
<source>this host</source>
<translation>本机</translation>
</message>
<message>
<source>this screen was not painted in time</source>
<translation>本屏幕未能及时刷新</translation>
</message>
<message>
<source>this window was lost and came again ({count})</source>
<translation>本窗口曾丢失并已恢复（{count} 次）</translation>
</message>
<message>
<source>use this device</source>
<translation>使用此设备</translation>
</message>
<message>
<source>wait for the check's end</source>
<translation>请等待检测结束</translation>
</message>
<message>
<source>your device is gone</source>
<translation>您的设备已断开</translation>
</message>
<message>
<source>your device tells nothing new</source>
<translation>您的设备没有新数据</translation>
</message>
<message>
<source>your hands rest: no pedal moves an arm</source>
<translation>您的手在休息：踏板不会带动机械臂</translation>
</message>
<message>
<source>{device}: gone; plug it in again and choose it anew</source>
<translation>{device}：已断开；请重新插上并再次选择</translation>
</message>
<message>
<source>{device}: nothing new from it</source>
<translation>{device}：没有新数据</translation>
</message>
<message>
<source>{live} carry, {stalled} stalled, {replaced} new</source>
<translation>{live} 条正常，{stalled} 条停滞，{replaced} 条新换</translation>
</message>
<message>
<source>{seconds} s; nothing moves</source>
<translation>{seconds} 秒；机械臂不动</translation>
</message>
<message>
<source>{side} is asked for control</source>
<translation>正在向 {side} 请求控制权</translation>
</message>
</context>
</TS>
