"""The MuJoCo model of a robot: one copy of the arm per mount, from its description alone.

World W: gravity along -z. A body per DH frame, named "mount/joint" like the joint that moves it; the tip frame T is the
site "mount/tip". The joints of an arm stand together, in the order of the description, the jaw last. Nothing collides:
the drives are what is simulated, and the shafts are kept apart where motion is planned.
"""

from math import atan2, cos, hypot, sin

import mujoco
import numpy as np

from kinematics.description import DriveModel, Jaw, Joint, Mount, RobotDescription
from kinematics.reference import Quaternion, Rotation, quaternion_of
from protocol.pose import multiply

BRAKE_SOLREF = (0.002, 1.0)
"""Time constant in s and damping ratio with which a brake pulls its joint back: micrometres under gravity."""

BRAKE_SOLIMP = (0.9999, 0.9999, 0.001, 0.5, 2.0)
"""A brake holds 0.9999 of the load exactly."""

# How it looks, in metres. No figure depends on these.
_ARM_RADIUS, _SHAFT_RADIUS, _FINGER_RADIUS, _FINGER_LENGTH = 0.014, 0.004, 0.0014, 0.012
_ARM_RGBA, _SHAFT_RGBA, _FINGER_RGBA = (0.90, 0.91, 0.93, 1.0), (0.22, 0.24, 0.28, 1.0), (0.72, 0.75, 0.80, 1.0)
_MOUNT_RGBAS = ((0.18, 0.55, 0.78, 1.0), (0.93, 0.55, 0.18, 1.0))
_TISSUE_RGBA, _TISSUE_BELOW = (0.74, 0.40, 0.37, 1.0), 0.19
_SKY_RGB, _HORIZON_RGB = (0.12, 0.15, 0.19), (0.32, 0.38, 0.44)


def build_model(description: RobotDescription, timestep_s: float) -> mujoco.MjModel:
    """Compile the model of all arms of `description`, to be integrated in steps of `timestep_s`."""
    spec = mujoco.MjSpec()
    spec.modelname = description.name
    spec.compiler.degree = False
    spec.option.timestep = timestep_s
    spec.option.gravity = (0.0, 0.0, -9.81)
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    # A state that blows up must be seen by the drives, not quietly replaced by the initial one.
    spec.option.disableflags = mujoco.mjtDisableBit.mjDSBL_CONTACT | mujoco.mjtDisableBit.mjDSBL_AUTORESET
    for index, mount in enumerate(description.mounts):
        _add_arm(spec, description, mount, _MOUNT_RGBAS[index % len(_MOUNT_RGBAS)])
    _add_scenery(spec, description)
    return spec.compile()


def open_jaws(model: mujoco.MjModel, data: mujoco.MjData, description: RobotDescription) -> None:
    """For viewers: turn both fingers of every jaw by half its opening, which `data` has; then call mj_forward.

    The jaw is one joint, which moves one finger against the other; the pair is turned back by half the angle here.
    """
    for mount in description.mounts:
        half = 0.5 * float(data.joint(f"{mount.name}/jaw").qpos[0])
        x, y, z = (-sin(0.5 * half) * part for part in _jaw_axis(description.R_6T))
        model.body(f"{mount.name}/fingers").quat[:] = multiply(
            quaternion_of(description.R_6T), (cos(0.5 * half), x, y, z)
        )


def _add_arm(spec: mujoco.MjSpec, description: RobotDescription, mount: Mount, rgba: tuple[float, ...]) -> None:
    body = spec.worldbody.add_body(name=f"{mount.name}/base", pos=mount.p_WB_m, quat=quaternion_of(mount.R_WB))
    for joint, following in zip(description.joints, (*description.joints[1:], None), strict=True):
        body = _add_link(spec, body, mount.name, joint)
        if following is not None:
            _draw_link(body, joint, following, rgba)
    body.add_site(name=f"{mount.name}/tip", quat=quaternion_of(description.R_6T), size=(0.001, 0.0, 0.0))
    _add_jaw(body, mount.name, description)


def _add_link(spec: mujoco.MjSpec, parent: mujoco.MjsBody, mount: str, joint: Joint) -> mujoco.MjsBody:
    """A DH row as a body: Rx(alpha) Tx(a) Rz(theta) Tz(d), moved along or about its own z (Craig, equation 3.6)."""
    name = f"{mount}/{joint.name}"
    offset = (joint.a_m, -sin(joint.alpha_rad) * joint.d_m, cos(joint.alpha_rad) * joint.d_m)
    turn = multiply(_about((1.0, 0.0, 0.0), joint.alpha_rad), _about((0.0, 0.0, 1.0), joint.theta_rad))
    body = parent.add_body(name=name, pos=offset, quat=turn)
    _weigh(body, joint.drive)
    slide_or_hinge = mujoco.mjtJoint.mjJNT_SLIDE if joint.prismatic else mujoco.mjtJoint.mjJNT_HINGE
    _add_joint(body, name, slide_or_hinge, (0.0, 0.0, 1.0), joint)
    if joint.drive.brake:
        brake = spec.add_equality(name=name, type=mujoco.mjtEq.mjEQ_JOINT, name1=name, active=False)
        brake.objtype = mujoco.mjtObj.mjOBJ_JOINT
        brake.solref, brake.solimp = BRAKE_SOLREF, BRAKE_SOLIMP
    return body


def _add_jaw(wrist: mujoco.MjsBody, mount: str, description: RobotDescription) -> None:
    """Two fingers that point along the tip's z; the second turns against the first about the last joint's axis."""
    fingers = wrist.add_body(name=f"{mount}/fingers", quat=quaternion_of(description.R_6T))
    name = f"{mount}/jaw"
    moving = fingers.add_body(name=name)
    _weigh(moving, description.jaw.drive)
    _add_joint(moving, name, mujoco.mjtJoint.mjJNT_HINGE, _jaw_axis(description.R_6T), description.jaw)
    for finger in (fingers, moving):
        _draw_capsule(finger, (0.0, 0.0, 0.0), (0.0, 0.0, _FINGER_LENGTH), _FINGER_RADIUS, _FINGER_RGBA)


def _add_joint(
    body: mujoco.MjsBody, name: str, kind: mujoco.mjtJoint, axis: tuple[float, ...], joint: Joint | Jaw
) -> None:
    added = body.add_joint(name=name, type=kind, axis=axis, limited=mujoco.mjtLimited.mjLIMITED_TRUE)
    added.range = (joint.position_min, joint.position_max)
    added.armature = joint.drive.armature
    added.damping[0] = joint.drive.damping


def _weigh(body: mujoco.MjsBody, drive: DriveModel) -> None:
    body.explicitinertial = True
    body.mass, body.ipos, body.inertia = drive.mass_kg, drive.com_m, drive.inertia_kg_m2


def _draw_link(body: mujoco.MjsBody, joint: Joint, following: Joint, rgba: tuple[float, ...]) -> None:
    """From the link's own origin to that of the following one, or along the travel of a sliding one."""
    shift = np.array((0.0, -sin(following.alpha_rad), cos(following.alpha_rad)))
    start = np.array((following.a_m, 0.0, 0.0))
    if following.prismatic:
        near, far = (start + shift * (following.d_m + q) for q in (following.position_min, following.position_max))
        _draw_capsule(body, near, far, _ARM_RADIUS, _ARM_RGBA)
    elif joint.prismatic:
        # The carriage on the rail, and the shaft that it carries.
        size = (2.0 * _ARM_RADIUS, 2.5 * _ARM_RADIUS, 2.0 * _ARM_RADIUS)
        body.add_geom(type=mujoco.mjtGeom.mjGEOM_BOX, size=size, rgba=rgba, mass=0.0, contype=0, conaffinity=0)
        _draw_capsule(body, (0.0, 0.0, 0.0), start + shift * following.d_m, _SHAFT_RADIUS, _SHAFT_RGBA)
    else:
        radius, colour = (_ARM_RADIUS, _ARM_RGBA) if joint.drive.brake else (0.8 * _SHAFT_RADIUS, _FINGER_RGBA)
        _draw_capsule(body, (0.0, 0.0, 0.0), start + shift * following.d_m, radius, colour)


def _draw_capsule(
    body: mujoco.MjsBody,
    start: tuple[float, ...] | np.ndarray[tuple[int], np.dtype[np.float64]],
    end: tuple[float, ...] | np.ndarray[tuple[int], np.dtype[np.float64]],
    radius: float,
    rgba: tuple[float, ...],
) -> None:
    length = float(np.linalg.norm(np.subtract(end, start)))
    if length < 1e-6:
        return
    capsule = body.add_geom(type=mujoco.mjtGeom.mjGEOM_CAPSULE, rgba=rgba, mass=0.0, contype=0, conaffinity=0)
    capsule.fromto = (*start, *end)
    capsule.size[0] = radius


def _add_scenery(spec: mujoco.MjSpec, description: RobotDescription) -> None:
    """A field under the arms, light, sky, and the camera "field" that looks at it as a surgeon would."""
    x, y, z = np.mean([mount.p_WB_m for mount in description.mounts], axis=0)
    world = spec.worldbody
    tissue = world.add_geom(type=mujoco.mjtGeom.mjGEOM_ELLIPSOID, rgba=_TISSUE_RGBA, contype=0, conaffinity=0)
    tissue.pos, tissue.size = (x, y, z - _TISSUE_BELOW), (0.16, 0.13, 0.03)
    for side in (-1.0, 1.0):
        light = world.add_light(pos=(x + 0.6 * side, y - 0.6, z + 1.2), dir=(-0.6 * side, 0.6, -1.2))
        light.diffuse = (0.35, 0.35, 0.35)
        light.specular = (0.1, 0.1, 0.1)
    spec.visual.headlight.ambient, spec.visual.headlight.diffuse = (0.3, 0.3, 0.3), (0.25, 0.25, 0.25)
    back, above, aim_below = 0.36, 0.10, 0.10
    camera = world.add_camera(name="field", pos=(x, y - back, z + above), fovy=45.0)
    camera.quat = _about((1.0, 0.0, 0.0), atan2(back, above + aim_below))  # from straight down to the field
    spec.add_texture(
        name="sky",
        type=mujoco.mjtTexture.mjTEXTURE_SKYBOX,
        builtin=mujoco.mjtBuiltin.mjBUILTIN_GRADIENT,
        rgb1=_SKY_RGB,
        rgb2=_HORIZON_RGB,
        width=64,
        height=384,
    )


def _jaw_axis(R_6T: Rotation) -> tuple[float, float, float]:
    """The last joint's axis, z of its DH frame, in the tip frame."""
    return R_6T[2]


def _about(axis: tuple[float, float, float], angle_rad: float) -> Quaternion:
    x, y, z = (sin(0.5 * angle_rad) * part / hypot(*axis) for part in axis)
    return (cos(0.5 * angle_rad), x, y, z)
