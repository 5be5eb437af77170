<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
<name>AgePlot</name>
<message>
<source>Loop age, last minute (ms)</source>
<translation>最近一分钟环路时延 (ms)</translation>
</message>
<message>
<source>freeze at once {limit}</source>
<translation>立即冻结 {limit}</translation>
</message>
<message>
<source>freeze {limit}</source>
<translation>冻结 {limit}</translation>
</message>
<message>
<source>slow {limit}</source>
<translation>减速 {limit}</translation>
</message>
</context>
<context>
<name>AlarmList</name>
<message>
<source>ALL SEEN</source>
<translation>全部确认</translation>
</message>
<message>
<source>Alarms</source>
<translation>报警</translation>
</message>
<message>
<source>NO SOUND</source>
<translation>没有声音</translation>
</message>
<message>
<source>No alarms</source>
<translation>没有报警</translation>
</message>
<message>
<source>PAUSE SOUND</source>
<translation>暂停声音</translation>
</message>
<message>
<source>SOUND OFF {time}</source>
<translation>已静音 {time}</translation>
</message>
<message>
<source>and {count} more</source>
<translation>另有 {count} 条</translation>
</message>
<message>
<source>nothing new</source>
<translation>没有新报警</translation>
</message>
</context>
<context>
<name>JointBars</name>
<message>
<source>Joints against their limits</source>
<translation>关节与限位</translation>
</message>
</context>
<context>
<name>LinkStrip</name>
<message>
<source>The link</source>
<translation>链路</translation>
</message>
</context>
<context>
<name>Sentence</name>
<message>
<source>Ask the local team to give you control.</source>
<translation>请现场人员把控制权移交给您。</translation>
</message>
<message>
<source>FOLLOWING</source>
<translation>跟随</translation>
</message>
<message>
<source>FREEZE pressed by the local staff</source>
<translation>现场人员按下了冻结</translation>
</message>
<message>
<source>FREEZE stops the arms.</source>
<translation>按“冻结”可停住机械臂。</translation>
</message>
<message>
<source>FROZEN</source>
<translation>已冻结</translation>
</message>
<message>
<source>Find and remove the cause, then press RELEASE; or TAKE CONTROL.</source>
<translation>查明并排除原因，然后按“解除冻结”；或按“接管控制”。</translation>
</message>
<message>
<source>Hold still and press the pedal.</source>
<translation>保持不动，踩下踏板。</translation>
</message>
<message>
<source>Hold still. It goes on by itself, or freezes.</source>
<translation>保持不动。将自动继续，或冻结。</translation>
</message>
<message>
<source>If anything moves, press STOP + POWER OFF. Then end this run and start it again.</source>
<translation>若有任何部件运动，请按“停机断电”。随后结束本次运行并重新启动。</translation>
</message>
<message>
<source>Jog the arms, or press GIVE CONTROL.</source>
<translation>可点动机械臂，或按“移交控制”。</translation>
</message>
<message>
<source>Keep clear of the arms until it has ended.</source>
<translation>结束前请远离机械臂。</translation>
</message>
<message>
<source>LAG: arm {arm} is {way}, {turn} behind the hand (limit {limit}, {turn_limit})</source>
<translation>滞后：机械臂 {arm} 落后手部 {way}、{turn}（上限 {limit}、{turn_limit}）</translation>
</message>
<message>
<source>LAG: arm {arm}: lag in m: {value} (limit {limit})</source>
<translation>滞后：机械臂 {arm}：滞后 (m)：{value}（上限 {limit}）</translation>
</message>
<message>
<source>LAG: arm {arm}: lag in rad: {value} (limit {limit})</source>
<translation>滞后：机械臂 {arm}：滞后 (rad)：{value}（上限 {limit}）</translation>
</message>
<message>
<source>LOCAL</source>
<translation>现场控制</translation>
</message>
<message>
<source>Lift the pedal to rest.</source>
<translation>抬起踏板即停。</translation>
</message>
<message>
<source>Lift the pedal, hold still, press again.</source>
<translation>抬起踏板，保持不动，再踩下。</translation>
</message>
<message>
<source>Lift the pedal, wait for the link ({time} s), press again.</source>
<translation>抬起踏板，等待链路（{time} s），再踩下。</translation>
</message>
<message>
<source>Move slowly. Lift the pedal to rest.</source>
<translation>请放慢动作。抬起踏板即停。</translation>
</message>
<message>
<source>NEW</source>
<translation>新报警</translation>
</message>
<message>
<source>NO POWER</source>
<translation>未上电</translation>
</message>
<message>
<source>PAUSED</source>
<translation>暂停</translation>
</message>
<message>
<source>Press I AM HERE. Nothing can be moved before.</source>
<translation>请按“我已到场”。在此之前无法移动机械臂。</translation>
</message>
<message>
<source>Press RELEASE when it is safe to go on, or TAKE CONTROL.</source>
<translation>确认安全后按“解除冻结”，或按“接管控制”。</translation>
</message>
<message>
<source>READY</source>
<translation>待命</translation>
</message>
<message>
<source>STOP + POWER OFF</source>
<translation>停机断电</translation>
</message>
<message>
<source>STOP pressed by the surgeon</source>
<translation>医生按下了停止</translation>
</message>
<message>
<source>SUPERVISOR SILENT</source>
<translation>监护进程无响应</translation>
</message>
<message>
<source>See that nobody is in the way, then press RESET.</source>
<translation>确认无人阻挡，然后按“复位”。</translation>
</message>
<message>
<source>The local team is being called. Lift the pedal.</source>
<translation>正在呼叫现场人员。请抬起踏板。</translation>
</message>
<message>
<source>The local team must release the arms first. Lift the pedal and talk to them.</source>
<translation>须由现场人员先解除冻结。抬起踏板，与他们沟通。</translation>
</message>
<message>
<source>The local team must reset the arms.</source>
<translation>须由现场人员复位机械臂。</translation>
</message>
<message>
<source>The surgeon may go on by a new press. TAKE CONTROL takes the arms.</source>
<translation>医生重新踩下踏板即可继续。按“接管控制”可接管机械臂。</translation>
</message>
<message>
<source>The surgeon may start any moment. TAKE CONTROL takes the arms.</source>
<translation>医生随时可能开始。按“接管控制”可接管机械臂。</translation>
</message>
<message>
<source>UNKNOWN</source>
<translation>状态不明</translation>
</message>
<message>
<source>UNKNOWN: no state from {where} for {time}</source>
<translation>状态不明：已有 {time} 未收到 {where} 的状态</translation>
</message>
<message>
<source>UNKNOWN: no state from {where} for {time}: {cause}</source>
<translation>状态不明：已有 {time} 未收到 {where} 的状态：{cause}</translation>
</message>
<message>
<source>Wait for the link ({time} s), then hold still and press the pedal.</source>
<translation>等待链路（{time} s），然后保持不动并踩下踏板。</translation>
</message>
<message>
<source>Wait: it goes on by itself, or freezes.</source>
<translation>请等待：将自动继续，或冻结。</translation>
</message>
<message>
<source>YOU ARE CALLED</source>
<translation>正在呼叫您</translation>
</message>
<message>
<source>Your hands move nothing now. Lift the pedal and wait; the arms stop by themselves.</source>
<translation>您的手现在不控制机械臂。抬起踏板并等待；机械臂会自行停住。</translation>
</message>
<message>
<source>a short silence of the link</source>
<translation>链路短暂静默</translation>
</message>
<message>
<source>after a pause hand {hand} cannot be compared with its arm (limit {limit}, {turn_limit})</source>
<translation>暂停后无法比较手 {hand} 与其机械臂的位置（上限 {limit}、{turn_limit}）</translation>
</message>
<message>
<source>after a pause hand {hand} was {way}, {turn} from the arm (limit {limit}, {turn_limit})</source>
<translation>暂停后手 {hand} 与机械臂相差 {way}、{turn}（上限 {limit}、{turn_limit}）</translation>
</message>
<message>
<source>another console has opened the session</source>
<translation>另一台主控台开启了会话</translation>
</message>
<message>
<source>another console of this key has the session until it is silent for {time}</source>
<translation>使用同一密钥的另一台主控台占用会话，直到其静默 {time}</translation>
</message>
<message>
<source>arm {arm}: a measurement that is not finite {value} (limit {limit})</source>
<translation>机械臂 {arm}：测量值无效 {value}（上限 {limit}）</translation>
</message>
<message>
<source>arm {arm}: a number that is not finite: {value} (limit {limit})</source>
<translation>机械臂 {arm}：数值无效：{value}（上限 {limit}）</translation>
</message>
<message>
<source>arm {arm}: beyond the wall '{wall}' {way} (limit {limit})</source>
<translation>机械臂 {arm}：越过边界“{wall}” {way}（上限 {limit}）</translation>
</message>
<message>
<source>arm {arm}: force: a motor's effort {effort} (limit {limit})</source>
<translation>机械臂 {arm}：受力：电机出力 {effort}（上限 {limit}）</translation>
</message>
<message>
<source>arm {arm}: inside the wall '{wall}' by m: {value} (limit {limit})</source>
<translation>机械臂 {arm}：距边界“{wall}”内侧 (m)：{value}（下限 {limit}）</translation>
</message>
<message>
<source>arm {arm}: moved {way} (limit {limit})</source>
<translation>机械臂 {arm}：移动了 {way}（上限 {limit}）</translation>
</message>
<message>
<source>arm {arm}: moves at {speed} (limit {limit})</source>
<translation>机械臂 {arm}：正以 {speed} 移动（上限 {limit}）</translation>
</message>
<message>
<source>arm {arm}: number of joints: {count} (limit {limit})</source>
<translation>机械臂 {arm}：关节数量：{count}（应为 {limit}）</translation>
</message>
<message>
<source>arm {arm}: tip acceleration in m/s2: {value} (limit {limit})</source>
<translation>机械臂 {arm}：末端加速度 (m/s2)：{value}（上限 {limit}）</translation>
</message>
<message>
<source>arm {arm}: tip angular acceleration in rad/s2: {value} (limit {limit})</source>
<translation>机械臂 {arm}：末端角加速度 (rad/s2)：{value}（上限 {limit}）</translation>
</message>
<message>
<source>arm {arm}: tip speed in m/s: {value} (limit {limit})</source>
<translation>机械臂 {arm}：末端速度 (m/s)：{value}（上限 {limit}）</translation>
</message>
<message>
<source>arm {arm}: tip speed {speed} (limit {limit})</source>
<translation>机械臂 {arm}：末端速度 {speed}（上限 {limit}）</translation>
</message>
<message>
<source>arm {arm}: tip turning in rad/s: {value} (limit {limit})</source>
<translation>机械臂 {arm}：末端转速 (rad/s)：{value}（上限 {limit}）</translation>
</message>
<message>
<source>arm {arm}: tracking error {error} (limit {limit})</source>
<translation>机械臂 {arm}：跟踪误差 {error}（上限 {limit}）</translation>
</message>
<message>
<source>arm {arm}: wrist depth in m: {value} (limit {limit})</source>
<translation>机械臂 {arm}：腕部深度 (m)：{value}（下限 {limit}）</translation>
</message>
<message>
<source>arm {arm}: wrist depth {way} (limit {limit})</source>
<translation>机械臂 {arm}：腕部深度 {way}（下限 {limit}）</translation>
</message>
<message>
<source>arm {arm}: {joint} acceleration: {value} (limit {limit})</source>
<translation>机械臂 {arm}：{joint}加速度：{value}（上限 {limit}）</translation>
</message>
<message>
<source>arm {arm}: {joint} position off its velocity: {value} (limit {limit})</source>
<translation>机械臂 {arm}：{joint}位置与速度不符：{value}（上限 {limit}）</translation>
</message>
<message>
<source>arm {arm}: {joint} position {value} (limit {limit})</source>
<translation>机械臂 {arm}：{joint}位置 {value}（限值 {limit}）</translation>
</message>
<message>
<source>arm {arm}: {joint} position: {value} (limit {limit})</source>
<translation>机械臂 {arm}：{joint}位置：{value}（限值 {limit}）</translation>
</message>
<message>
<source>arm {arm}: {joint} speed: {value} (limit {limit})</source>
<translation>机械臂 {arm}：{joint}速度：{value}（上限 {limit}）</translation>
</message>
<message>
<source>arm {arm}: {joint} step: {value} (limit {limit})</source>
<translation>机械臂 {arm}：{joint}步长：{value}（上限 {limit}）</translation>
</message>
<message>
<source>arms {arm} and {other}: shafts' axes apart by m: {value} (limit {limit})</source>
<translation>机械臂 {arm} 与 {other}：杆身轴线间距 (m)：{value}（下限 {limit}）</translation>
</message>
<message>
<source>carriers</source>
<translation>线路</translation>
</message>
<message>
<source>ceiling</source>
<translation>上方面</translation>
</message>
<message>
<source>clock known to</source>
<translation>时钟误差上限</translation>
</message>
<message>
<source>controller</source>
<translation>控制进程</translation>
</message>
<message>
<source>drives</source>
<translation>驱动器</translation>
</message>
<message>
<source>drives: their watchdog tripped, no setpoint for over {time} (limit {limit})</source>
<translation>驱动器：看门狗动作，超过 {time} 没有设定值（上限 {limit}）</translation>
</message>
<message>
<source>drives: without power</source>
<translation>驱动器：断电</translation>
</message>
<message>
<source>drives: {cause}</source>
<translation>驱动器：{cause}</translation>
</message>
<message>
<source>drives: {count} arms (limit {limit})</source>
<translation>驱动器：{count} 条机械臂（应为 {limit}）</translation>
</message>
<message>
<source>effective loss</source>
<translation>有效丢失率</translation>
</message>
<message>
<source>effective loss {share} (limit {limit})</source>
<translation>有效丢失率 {share}（上限 {limit}）</translation>
</message>
<message>
<source>effective loss {value}: from {limit} on the arm is {cause}</source>
<translation>有效丢失率 {value}：自 {limit} 起机械臂将{cause}</translation>
</message>
<message>
<source>ended</source>
<translation>已结束</translation>
</message>
<message>
<source>far side</source>
<translation>远侧面</translation>
</message>
<message>
<source>frozen</source>
<translation>冻结</translation>
</message>
<message>
<source>frozen for {time}: {cause}</source>
<translation>已冻结 {time}：{cause}</translation>
</message>
<message>
<source>gate: {cause}</source>
<translation>闸门：{cause}</translation>
</message>
<message>
<source>gateway</source>
<translation>网关进程</translation>
</message>
<message>
<source>high priority</source>
<translation>高优先级</translation>
</message>
<message>
<source>insertion</source>
<translation>插入</translation>
</message>
<message>
<source>install {package} for sound</source>
<translation>安装 {package} 以启用声音</translation>
</message>
<message>
<source>jaw</source>
<translation>钳口</translation>
</message>
<message>
<source>jitter</source>
<translation>抖动</translation>
</message>
<message>
<source>lanes</source>
<translation>通道</translation>
</message>
<message>
<source>laparoscopic</source>
<translation>腹腔镜</translation>
</message>
<message>
<source>left</source>
<translation>左臂</translation>
</message>
<message>
<source>left side</source>
<translation>左侧面</translation>
</message>
<message>
<source>longest gap</source>
<translation>最长间断</translation>
</message>
<message>
<source>looking for keys</source>
<translation>正在查找密钥</translation>
</message>
<message>
<source>loop age</source>
<translation>环路时延</translation>
</message>
<message>
<source>loop age {age} (limit {limit} for {long})</source>
<translation>环路时延 {age}（上限 {limit}，持续 {long}）</translation>
</message>
<message>
<source>loop age {age} (limit {limit})</source>
<translation>环路时延 {age}（上限 {limit}）</translation>
</message>
<message>
<source>loop age {value}: from {limit} on the arm is {cause}</source>
<translation>环路时延 {value}：自 {limit} 起机械臂将{cause}</translation>
</message>
<message>
<source>loop age, for long {value}: from {limit} on the arm is {cause}</source>
<translation>持续环路时延 {value}：自 {limit} 起机械臂将{cause}</translation>
</message>
<message>
<source>low priority</source>
<translation>低优先级</translation>
</message>
<message>
<source>medium priority</source>
<translation>中优先级</translation>
</message>
<message>
<source>near side</source>
<translation>近侧面</translation>
</message>
<message>
<source>no answer from {where} yet: is it running, and is its key the one we trust?</source>
<translation>{where} 尚无应答：它是否在运行？其密钥是否为我方信任的密钥？</translation>
</message>
<message>
<source>no command for {age} (limit {limit})</source>
<translation>已有 {age} 没有指令（上限 {limit}）</translation>
</message>
<message>
<source>no command of this session yet</source>
<translation>本次会话尚无指令</translation>
</message>
<message>
<source>no command was answered: is the patient's side running, and its session free?</source>
<translation>指令均无应答：患者端是否在运行？会话是否空闲？</translation>
</message>
<message>
<source>no echo of a state of ours</source>
<translation>尚未收到状态回执</translation>
</message>
<message>
<source>no good link for {time}</source>
<translation>已有 {time} 没有良好链路</translation>
</message>
<message>
<source>no patient's side of this user at {where} made keys for this host: start `farhand slave`, or give --keys</source>
<translation>本用户在 {where} 没有为本机生成密钥的患者端：请启动 `farhand slave`，或给出 --keys</translation>
</message>
<message>
<source>no reason was told</source>
<translation>未说明原因</translation>
</message>
<message>
<source>no session is asked for</source>
<translation>尚未请求会话</translation>
</message>
<message>
<source>no sound device answers</source>
<translation>没有声音设备应答</translation>
</message>
<message>
<source>no state from {where} for {time}</source>
<translation>已有 {time} 未收到 {where} 的状态</translation>
</message>
<message>
<source>no state from {where} for {time}: {cause}</source>
<translation>已有 {time} 未收到 {where} 的状态：{cause}</translation>
</message>
<message>
<source>no word from the patient's side for {time} s</source>
<translation>已有 {time} s 未收到患者端的消息</translation>
</message>
<message>
<source>no word from the patient's side yet</source>
<translation>尚未收到患者端的消息</translation>
</message>
<message>
<source>no word from the supervisor: the arms stop by themselves and hold</source>
<translation>收不到监护进程的消息：机械臂会自行停住并保持</translation>
</message>
<message>
<source>none</source>
<translation>无</translation>
</message>
<message>
<source>number of arms: {count} (limit {limit})</source>
<translation>机械臂数量：{count}（应为 {limit}）</translation>
</message>
<message>
<source>outer pitch</source>
<translation>外部俯仰</translation>
</message>
<message>
<source>outer roll</source>
<translation>杆身旋转</translation>
</message>
<message>
<source>outer wrist pitch</source>
<translation>腕部俯仰</translation>
</message>
<message>
<source>outer wrist yaw</source>
<translation>腕部偏转</translation>
</message>
<message>
<source>outer yaw</source>
<translation>外部偏转</translation>
</message>
<message>
<source>packet loss</source>
<translation>丢包率</translation>
</message>
<message>
<source>packet loss {share} (limit {limit})</source>
<translation>丢包率 {share}（上限 {limit}）</translation>
</message>
<message>
<source>packet loss {value}: from {limit} on the arm is {cause}</source>
<translation>丢包率 {value}：自 {limit} 起机械臂将{cause}</translation>
</message>
<message>
<source>permit: lapsed, not renewed for over {time} (limit {limit})</source>
<translation>许可：已失效，超过 {time} 未续期（上限 {limit}）</translation>
</message>
<message>
<source>pilot</source>
<translation>操纵进程</translation>
</message>
<message>
<source>plant</source>
<translation>执行进程</translation>
</message>
<message>
<source>plant's gate: {cause}</source>
<translation>执行端闸门：{cause}</translation>
</message>
<message>
<source>plant: no setpoint for {time} (limit {limit})</source>
<translation>执行进程：已有 {time} 没有设定值（上限 {limit}）</translation>
</message>
<message>
<source>pressed by hand</source>
<translation>人工按下</translation>
</message>
<message>
<source>right</source>
<translation>右臂</translation>
</message>
<message>
<source>right side</source>
<translation>右侧面</translation>
</message>
<message>
<source>seen</source>
<translation>已确认</translation>
</message>
<message>
<source>self-test: a lapsed permit did not stop the plant after {time} (limit {limit})</source>
<translation>自检：许可失效 {time} 后执行端仍未停止（上限 {limit}）</translation>
</message>
<message>
<source>self-test: no power after {time} (limit {limit})</source>
<translation>自检：{time} 后仍未上电（上限 {limit}）</translation>
</message>
<message>
<source>self-test: the drives ceased to follow after {time} (limit {limit})</source>
<translation>自检：驱动器在 {time} 后停止跟随（上限 {limit}）</translation>
</message>
<message>
<source>self-test: the drives do not follow after {time} (limit {limit})</source>
<translation>自检：驱动器在 {time} 后仍未跟随（上限 {limit}）</translation>
</message>
<message>
<source>self-test: the plant moves without a permit: {count} signs of it (limit {limit})</source>
<translation>自检：执行端在没有许可时运动：{count} 处迹象（上限 {limit}）</translation>
</message>
<message>
<source>self-test: the plant tells nothing after {time} (limit {limit})</source>
<translation>自检：执行进程在 {time} 后仍无应答（上限 {limit}）</translation>
</message>
<message>
<source>silence {value}: from {limit} on the arm is {cause}</source>
<translation>静默 {value}：自 {limit} 起机械臂将{cause}</translation>
</message>
<message>
<source>simulation diverged: {more}</source>
<translation>仿真发散：{more}</translation>
</message>
<message>
<source>slowed or paused</source>
<translation>减速或暂停</translation>
</message>
<message>
<source>slowed, for the link is slow</source>
<translation>已减速，因为链路变慢</translation>
</message>
<message>
<source>slowed: loop age {age}, effective loss {late}, packet loss {lost}</source>
<translation>已减速：环路时延 {age}，有效丢失率 {late}，丢包率 {lost}</translation>
</message>
<message>
<source>standstill: {cause}</source>
<translation>静止监测：{cause}</translation>
</message>
<message>
<source>supervisor</source>
<translation>监护进程</translation>
</message>
<message>
<source>supervisor: held up for {time} (limit {limit})</source>
<translation>监护进程：停滞 {time}（上限 {limit}）</translation>
</message>
<message>
<source>table</source>
<translation>手术台面</translation>
</message>
<message>
<source>the arm</source>
<translation>机械臂</translation>
</message>
<message>
<source>the arm is {mode}: the patient's side must act first</source>
<translation>机械臂处于 {mode}：须由患者端先操作</translation>
</message>
<message>
<source>the arms are yours</source>
<translation>机械臂由您控制</translation>
</message>
<message>
<source>the arms follow your hands</source>
<translation>机械臂跟随您的双手</translation>
</message>
<message>
<source>the arms have no power</source>
<translation>机械臂未上电</translation>
</message>
<message>
<source>the arms hold and wait for the pedal</source>
<translation>机械臂保持不动，等待踏板</translation>
</message>
<message>
<source>the hand is not followed now: lift the pedal and press again once the console says READY</source>
<translation>手部目前未被跟随：抬起踏板，待主控台显示“待命”后再踩下</translation>
</message>
<message>
<source>the hand moves at {speed} (limit {limit}): hold still, lift the pedal, and press again</source>
<translation>手部正以 {speed} 移动（上限 {limit}）：保持不动，抬起踏板，再踩下</translation>
</message>
<message>
<source>the key of the surgeon's console was revoked</source>
<translation>医生主控台的密钥已被吊销</translation>
</message>
<message>
<source>the key of {who} is trusted as {role}, not as surgeon</source>
<translation>{who} 的密钥以 {role} 身份受信任，不是 surgeon（医生）</translation>
</message>
<message>
<source>the link</source>
<translation>链路</translation>
</message>
<message>
<source>the link has been good for {time} (limit {limit}): lift the pedal, wait, and press again</source>
<translation>链路良好仅 {time}（需 {limit}）：抬起踏板，等待，再踩下</translation>
</message>
<message>
<source>the local team</source>
<translation>现场人员</translation>
</message>
<message>
<source>the local team has the arms</source>
<translation>机械臂由现场人员控制</translation>
</message>
<message>
<source>the pilot ended by itself ({how})</source>
<translation>操纵进程已自行结束（{how}）</translation>
</message>
<message>
<source>the self-test runs</source>
<translation>自检进行中</translation>
</message>
<message>
<source>the session was lost meanwhile: somebody else may have it; measure again</source>
<translation>期间会话丢失：可能被他人占用；请重新测量</translation>
</message>
<message>
<source>the surgeon</source>
<translation>主刀医生</translation>
</message>
<message>
<source>the surgeon operates</source>
<translation>医生正在操作</translation>
</message>
<message>
<source>the surgeon's console paints nothing</source>
<translation>医生的主控台画面停止刷新</translation>
</message>
<message>
<source>the surgeon's input device gave nothing new for {age}</source>
<translation>医生的输入设备已有 {age} 没有新数据</translation>
</message>
<message>
<source>the surgeon's input device is gone</source>
<translation>医生的输入设备已断开</translation>
</message>
<message>
<source>the surgeon's session ended or fell silent</source>
<translation>医生的会话已结束或失去响应</translation>
</message>
<message>
<source>the surgeon's side</source>
<translation>医生端</translation>
</message>
<message>
<source>the surgeon's side let go</source>
<translation>医生端已松开</translation>
</message>
<message>
<source>the surgeon's side receives no state</source>
<translation>医生端收不到状态</translation>
</message>
<message>
<source>this host stood still for {time} (limit {limit}): measure again on a quiet one</source>
<translation>本机停顿了 {time}（上限 {limit}）：请在空闲的机器上重新测量</translation>
</message>
<message>
<source>this procedure has no limits for the link: nothing to judge by</source>
<translation>该术式没有链路限值：无从判断</translation>
</message>
<message>
<source>tip x</source>
<translation>末端 x 轴</translation>
</message>
<message>
<source>tip y</source>
<translation>末端 y 轴</translation>
</message>
<message>
<source>tip z</source>
<translation>末端 z 轴</translation>
</message>
<message>
<source>vascular</source>
<translation>血管介入</translation>
</message>
<message>
<source>which key has {where}? On that host `farhand keys show` tells it; here type farhand keys trust NAME patient KEY --host {host}</source>
<translation>{where} 的密钥是什么？在该主机上用 `farhand keys show` 查看；在本机输入 farhand keys trust NAME patient KEY --host {host}</translation>
</message>
<message>
<source>worst, last minute</source>
<translation>近一分钟最差</translation>
</message>
<message>
<source>your hands rest: end the rest first, then lift the pedal and press again</source>
<translation>您的手在休息：先结束休息，再抬起踏板并重新踩下</translation>
</message>
<message>
<source>{count} ticks are too few (at least {limit}): measure for longer</source>
<translation>{count} 个周期太少（至少 {limit}）：请测量更长时间</translation>
</message>
<message>
<source>{folder}: this device has no key yet: farhand keys new</source>
<translation>{folder}：本设备尚无密钥：farhand keys new</translation>
</message>
<message>
<source>{process}: its limits are {hash} (limit {limit}, ours)</source>
<translation>{process}：其限值为 {hash}（应为本机的 {limit}）</translation>
</message>
<message>
<source>{process}: its limits are {hash} (limit {limit}, the supervisor's)</source>
<translation>{process}：其限值为 {hash}（应为监护进程的 {limit}）</translation>
</message>
<message>
<source>{process}: last measured {time} ago (limit {limit})</source>
<translation>{process}：上次测量在 {time} 前（上限 {limit}）</translation>
</message>
<message>
<source>{process}: last reported {time} ago (limit {limit})</source>
<translation>{process}：上次报告在 {time} 前（上限 {limit}）</translation>
</message>
<message>
<source>{process}: no progress for {time} (limit {limit})</source>
<translation>{process}：已停滞 {time}（上限 {limit}）</translation>
</message>
<message>
<source>{process}: was started anew (count {count} after {before})</source>
<translation>{process}：已重新启动（计数 {before} 之后为 {count}）</translation>
</message>
<message>
<source>{replaced} new</source>
<translation>{replaced} 条新建</translation>
</message>
<message>
<source>{stalled} stalled</source>
<translation>{stalled} 条阻塞</translation>
</message>
<message>
<source>{where} does not trust our key, {key}: there, farhand keys trust; here, farhand keys show</source>
<translation>{where} 不信任我方密钥 {key}：在对方执行 farhand keys trust；在本机执行 farhand keys show</translation>
</message>
<message>
<source>{who} has the session; another may, once it was silent for {time} and the arms are LOCAL (TAKE)</source>
<translation>{who} 占用会话；待其静默 {time} 且机械臂为现场控制（接管）后，其他主控台方可接入</translation>
</message>
</context>
<context>
<name>Timeline</name>
<message>
<source>Modes of the whole case</source>
<translation>全程状态</translation>
</message>
</context>
</TS>
